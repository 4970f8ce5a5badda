package io.assay.engine.backend.tornado;

import io.assay.engine.EngineException;
import io.assay.engine.ErrorCode;
import io.assay.engine.Precision;
import io.assay.engine.backend.Backend;
import io.assay.engine.backend.DeviceFit;
import io.assay.engine.backend.RotaryTable;
import io.assay.engine.backend.tornado.sdk.RunningJvm;
import io.assay.engine.config.ModelConfig;
import io.assay.engine.weights.ModelWeights;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The door to TornadoVM: nothing behind it is loaded before somebody asks, so that processes
 * without an SDK need nothing of it.
 */
public final class Tornado {
  private static final Map<String, Optional<String>> FAILURES = new ConcurrentHashMap<>();

  private Tornado() {}

  /**
   * A backend on a device that has passed the self-check.
   *
   * @param device index of the device: GPUs are counted where there are any, else all devices; -1
   *     for the first
   * @param hostStreamed whether the weights of blocks are only in the process while they are used
   * @param latents bytes that caches are to have, if the device has them
   * @throws EngineException {@code BACKEND_UNAVAILABLE} if SDK, JVM arguments or device are
   *     missing, or the device computes wrongly; {@code OUT_OF_MEMORY} if the model does not fit
   */
  public static Backend open(
      ModelConfig config, ModelWeights weights, int device, boolean hostStreamed, long latents) {
    // Before any class that does not load without TornadoVM.
    RunningJvm.requireTornado();
    TornadoRunner runner = new TornadoRunner(Accelerator.choose(device));
    try {
      SelfCheck.require(runner);
      return new TornadoBackend(config, weights, runner, hostStreamed, latents);
    } catch (RuntimeException | Error e) {
      runner.close();
      throw e;
    }
  }

  /**
   * Bytes that caches take there at most.
   *
   * @param wanted bytes they are to have, if the device has them
   */
  public static long cacheBytes(ModelConfig config, int device, long wanted) {
    return Capacity.of(config, Accelerator.choose(device).memory(), wanted).cacheBytes();
  }

  /**
   * What a model takes of a device, found from the headers of its weights.
   *
   * @param hostStreamed whether the weights of blocks are only in the process while they are used
   * @param latents bytes that caches are to have, if the device has them
   * @throws EngineException {@code OUT_OF_MEMORY} if the model does not fit; {@code
   *     BACKEND_UNAVAILABLE} if there is no such device
   */
  public static DeviceFit fit(
      ModelConfig config, ModelWeights weights, int device, boolean hostStreamed, long latents) {
    ModelPlacement.Room room = ModelPlacement.Room.of(Accelerator.choose(device));
    RotaryTable rotary = new RotaryTable(config);
    return new ModelPlacement(config, weights, rotary, room, hostStreamed, latents).fit();
  }

  /** What a backend on this device computes on. */
  public static String device(int device) {
    return Accelerator.choose(device).describe();
  }

  /**
   * The devices by their index, each as a line for people.
   *
   * @throws EngineException {@code BACKEND_UNAVAILABLE} if SDK or JVM arguments are missing
   */
  public static List<String> devices() {
    RunningJvm.requireTornado();
    VisibleGpu.ofProcess().showAll();
    return Accelerator.counted().stream().map(Accelerator::describe).toList();
  }

  /**
   * Why there is no GPU that computes as Java does, empty if there is one: what {@code auto} asks.
   * A GPU is tried once in a process.
   */
  public static Optional<String> noGpu(int device) {
    try {
      Accelerator accelerator = Accelerator.choose(device);
      return accelerator.gpu()
          ? FAILURES.computeIfAbsent(accelerator.name(), name -> failure(accelerator))
          : Optional.of("TornadoVM sees no GPU");
    } catch (EngineException e) {
      return Optional.of(e.getMessage());
    } catch (RuntimeException | LinkageError e) {
      return Optional.of("TornadoVM does not start: " + e);
    }
  }

  private static Optional<String> failure(Accelerator accelerator) {
    try (TornadoRunner runner = new TornadoRunner(accelerator)) {
      SelfCheck.require(runner);
      return Optional.empty();
    } catch (EngineException e) {
      return Optional.of(e.getMessage());
    }
  }

  /** Refuses what the kernels do not compute. */
  public static void require(Precision precision) {
    if (precision != Precision.FP32) {
      throw new EngineException(
          ErrorCode.BACKEND_UNAVAILABLE,
          "precision %s was asked for, but backend 'tornado' computes in fp32 only; use --precision fp32 or --backend cpu"
              .formatted(precision.name().toLowerCase(java.util.Locale.ROOT)));
    }
  }
}
