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

  private BackendProvider() {}

  /** The backend the options ask for; {@code BACKEND_UNAVAILABLE} if it is not there. */
  public static Backend open(ModelConfig config, ModelWeights weights, EngineOptions options) {
    int threads = threads(options.threads());
    Backend backend =
        switch (options.backend()) {
          case "auto", "cpu" -> new CpuBackend(config, weights, threads, options.precision());
          default ->
              throw new EngineException(
                  ErrorCode.BACKEND_UNAVAILABLE,
                  "backend '"
                      + options.backend()
                      + "' was asked for, but this build has only 'cpu'; use --backend cpu or auto");
        };
    LOG.info("backend {}: {}", backend.name(), backend.device());
    return backend;
  }

  /**
   * Threads that are used when this many are asked for, 0 meaning one for each processor. More than
   * a few for each processor only wait for one another.
   */
  public static int threads(int asked) {
    int processors = Runtime.getRuntime().availableProcessors();
    int most = 4 * processors;
    if (asked > most) {
      LOG.warn("{} threads were asked for, {} are used on {} processors", asked, most, processors);
    }
    return asked > 0 ? Math.min(asked, most) : processors;
  }
}
