package io.assay.engine.backend;

import io.assay.engine.EngineException;
import io.assay.engine.EngineOptions;
import io.assay.engine.ErrorCode;
import io.assay.engine.backend.cpu.CpuBackend;
import io.assay.engine.config.ModelConfig;
import io.assay.engine.weights.ModelWeights;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Chooses the backend once for each opened model and logs what it chose. */
public final class BackendProvider {
  private static final Logger LOG = LoggerFactory.getLogger(BackendProvider.class);

  private static final String CPU = "cpu";

  private BackendProvider() {}

  /** The backend the options ask for; {@code BACKEND_UNAVAILABLE} if it is not there. */
  public static Backend open(ModelConfig config, ModelWeights weights, EngineOptions options) {
    Backend backend =
        switch (name(options)) {
          case CPU ->
              new CpuBackend(config, weights, threads(options.threads()), options.precision());
          default -> throw new IllegalStateException("a name without a backend: " + name(options));
        };
    LOG.info("backend {}: {}", backend.name(), backend.device());
    return backend;
  }

  /** Name of the backend the options ask for; {@code BACKEND_UNAVAILABLE} if it is not there. */
  public static String name(EngineOptions options) {
    return switch (options.backend()) {
      case "auto", CPU -> CPU;
      default ->
          throw new EngineException(
              ErrorCode.BACKEND_UNAVAILABLE,
              "backend '"
                  + options.backend()
                  + "' was asked for, but this build has only 'cpu'; use --backend cpu or auto");
    };
  }

  /** What that backend computes on. */
  public static String device(ModelConfig config, EngineOptions options) {
    return switch (name(options)) {
      case CPU -> CpuBackend.device(used(options.threads()), options.precision(), config);
      default -> throw new IllegalStateException("a name without a backend: " + name(options));
    };
  }

  /**
   * Threads that are used when this many are asked for, 0 meaning one for each processor. More than
   * a few for each processor only wait for one another.
   */
  public static int threads(int asked) {
    int used = used(asked);
    if (asked > used) {
      LOG.warn(
          "{} threads were asked for, {} are used on {} processors",
          asked,
          used,
          Runtime.getRuntime().availableProcessors());
    }
    return used;
  }

  private static int used(int asked) {
    int processors = Runtime.getRuntime().availableProcessors();
    return asked > 0 ? Math.min(asked, 4 * processors) : processors;
  }
}
