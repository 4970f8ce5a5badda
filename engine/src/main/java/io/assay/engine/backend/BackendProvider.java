package io.assay.engine.backend;

import io.assay.engine.EngineException;
import io.assay.engine.EngineOptions;
import io.assay.engine.ErrorCode;
import io.assay.engine.Precision;
import io.assay.engine.WeightMode;
import io.assay.engine.backend.cpu.CpuBackend;
import io.assay.engine.backend.tornado.Tornado;
import io.assay.engine.backend.tornado.sdk.RunningJvm;
import io.assay.engine.config.ModelConfig;
import io.assay.engine.weights.ModelWeights;
import io.assay.engine.weights.ProcessMemory;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Chooses the backend once for each opened model and logs what it chose. */
public final class BackendProvider {
  private static final Logger LOG = LoggerFactory.getLogger(BackendProvider.class);

  public static final String CPU = "cpu";
  public static final String TORNADO = "tornado";

  /** A GPU where there is one that the model fits, else the CPU. */
  public static final String AUTO = "auto";

  private static final String NOT_A_GPU = "backend cpu rather than a GPU: {}";

  private BackendProvider() {}

  /**
   * The backend the options ask for; {@code BACKEND_UNAVAILABLE} if it is not there, {@code
   * OUT_OF_MEMORY} if its device is too small. Left to choose, it is the CPU then.
   */
  public static Backend open(ModelConfig config, ModelWeights weights, EngineOptions options) {
    Backend backend =
        switch (options.backend()) {
          case AUTO ->
              gpuOrCpu(
                  noGpu(options),
                  () -> tornado(config, weights, options),
                  () -> cpu(config, weights, options));
          case TORNADO -> tornado(config, weights, options);
          default -> cpu(config, weights, options);
        };
    LOG.info("backend {}: {}", backend.name(), backend.device());
    return backend;
  }

  /**
   * The GPU if nothing is against it and it opens, else the CPU, and one line that says why.
   *
   * @param reason against the GPU, empty for none
   */
  static Backend gpuOrCpu(Optional<String> reason, Supplier<Backend> gpu, Supplier<Backend> cpu) {
    if (reason.isPresent()) {
      LOG.info(NOT_A_GPU, reason.get());
      return cpu.get();
    }
    try {
      return gpu.get();
    } catch (EngineException e) {
      if (e.code() != ErrorCode.OUT_OF_MEMORY && e.code() != ErrorCode.BACKEND_UNAVAILABLE) {
        throw e;
      }
      LOG.warn(NOT_A_GPU, e.getMessage());
      return cpu.get();
    }
  }

  private static Backend cpu(ModelConfig config, ModelWeights weights, EngineOptions options) {
    name(options);
    return new CpuBackend(config, weights, threads(options.threads()), options.precision());
  }

  private static Backend tornado(ModelConfig config, ModelWeights weights, EngineOptions options) {
    Tornado.require(options.precision());
    return Tornado.open(
        config,
        weights,
        options.device(),
        mode(weights, options) == WeightMode.STREAMED,
        options.batchBytes(Runtime.getRuntime().maxMemory()));
  }

  private static WeightMode mode(ModelWeights weights, EngineOptions options) {
    return options.weights().resolve(weights.bytes(), ProcessMemory.availableForWeights());
  }

  /**
   * Name of the backend the options ask for, whatever the model; {@code BACKEND_UNAVAILABLE} if
   * there is none of that name. Whether its device is there is only known where it computes: the
   * driver of a cluster plans for executors that have one.
   */
  public static String name(EngineOptions options) {
    return switch (options.backend()) {
      case AUTO -> noGpu(options).isEmpty() ? TORNADO : CPU;
      case CPU -> CPU;
      case TORNADO -> {
        Tornado.require(options.precision());
        yield TORNADO;
      }
      default ->
          throw new EngineException(
              ErrorCode.BACKEND_UNAVAILABLE,
              "backend '"
                  + options.backend()
                  + "' was asked for, but there are only 'cpu' and 'tornado'; use --backend cpu,"
                  + " tornado or auto");
    };
  }

  /**
   * The backend that {@code auto} means for this model, and one line in the log that says why it is
   * not a GPU. Weights are not computed with: their headers say how large they are.
   *
   * @param weights null if they are not there: then their size is no reason
   */
  public static String chosen(ModelConfig config, ModelWeights weights, EngineOptions options) {
    return chosen(
        noGpu(options),
        () -> {
          if (weights != null) {
            fit(config, weights, options);
          }
        });
  }

  /**
   * The GPU if nothing is against it and the model fits, else the CPU.
   *
   * @param reason against any GPU, empty for none
   * @param fit throws {@code OUT_OF_MEMORY} if the model does not fit
   */
  static String chosen(Optional<String> reason, Runnable fit) {
    if (reason.isPresent()) {
      LOG.info(NOT_A_GPU, reason.get());
      return CPU;
    }
    try {
      fit.run();
      return TORNADO;
    } catch (EngineException e) {
      if (e.code() != ErrorCode.OUT_OF_MEMORY) {
        throw e;
      }
      LOG.warn(NOT_A_GPU, e.getMessage());
      return CPU;
    }
  }

  /**
   * What a model takes of the device that this process sees.
   *
   * @throws EngineException {@code OUT_OF_MEMORY} if it does not fit
   */
  public static DeviceFit fit(ModelConfig config, ModelWeights weights, EngineOptions options) {
    return Tornado.fit(
        config,
        weights,
        options.device(),
        mode(weights, options) == WeightMode.STREAMED,
        options.batchBytes(Runtime.getRuntime().maxMemory()));
  }

  /** Why {@code auto} takes no GPU whatever the model; empty if there is one. */
  private static Optional<String> noGpu(EngineOptions options) {
    if (options.precision() != Precision.FP32) {
      return Optional.of("backend tornado computes in fp32 only");
    }
    Optional<String> problem = RunningJvm.problem();
    if (problem.isPresent()) {
      return problem;
    }
    return Tornado.noGpu(options.device());
  }

  /**
   * Bytes that caches may take on the device, as far as this process sees one.
   *
   * @param wanted bytes they are to have, if the device has them
   */
  public static long cacheBytes(ModelConfig config, EngineOptions options, long wanted) {
    return seesDevice(options)
        ? Tornado.cacheBytes(config, options.device(), wanted)
        : Long.MAX_VALUE;
  }

  /** Whether the options mean a device with memory of its own, and this process sees it. */
  public static boolean seesDevice(EngineOptions options) {
    return name(options).equals(TORNADO) && RunningJvm.problem().isEmpty();
  }

  /** What that backend computes on. */
  public static String device(ModelConfig config, EngineOptions options) {
    return switch (name(options)) {
      case CPU -> CpuBackend.device(used(options.threads()), options.precision(), config);
      case TORNADO ->
          RunningJvm.problem().isPresent()
              ? "tornado, a device of each executor"
              : Tornado.device(options.device());
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
