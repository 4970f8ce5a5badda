package io.assay.engine.backend.tornado;

import io.assay.engine.EngineException;
import io.assay.engine.ErrorCode;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.util.Optional;

/**
 * The one GPU that CUDA shows this process. TornadoVM 5.2.0 makes a CUDA context for the first GPU
 * it sees and computes there, whichever of its devices a plan names: the eight executors of a node
 * would all compute on its first GPU. So TornadoVM is started with no other GPU in sight than the
 * one asked for. OpenCL has a context for all devices and needs nothing of this.
 */
final class VisibleGpu {
  private static final String VISIBLE = "CUDA_VISIBLE_DEVICES";
  private static final String ORDER = "CUDA_DEVICE_ORDER";
  private static final int OVERWRITE = 1;
  private static final int KEEP = 0;

  private static final VisibleGpu PROCESS =
      new VisibleGpu(ModuleLayer.boot().findModule("tornado.drivers.cuda").isPresent());

  private final boolean cuda;
  private boolean started;
  private int computing; // the only one that is right to compute on once TornadoVM has started

  VisibleGpu(boolean cuda) {
    this.cuda = cuda;
  }

  static VisibleGpu ofProcess() {
    return PROCESS;
  }

  /** TornadoVM may start with all GPUs in sight, to list them; only the first computes then. */
  synchronized void showAll() {
    started = true;
  }

  /**
   * Shows TornadoVM a GPU, before it starts.
   *
   * @param index among the GPUs that CUDA shows now
   * @return its index among the devices that TornadoVM sees
   * @throws EngineException {@code BACKEND_UNAVAILABLE} if there is no such GPU, or the process
   *     computes on another already
   */
  synchronized int show(int index) {
    if (!cuda) {
      return index;
    }
    if (!started) {
      // As nvidia-smi counts, and with it whoever hands out GPUs; CUDA begins with the fastest.
      setVariable(ORDER, "PCI_BUS_ID", KEEP);
      setVariable(VISIBLE, entry(Optional.ofNullable(System.getenv(VISIBLE)), index), OVERWRITE);
      started = true;
      computing = index;
    }
    if (index != computing) {
      throw unavailable(
          "device %d was asked for, but this process computes on device %d, and TornadoVM computes on one CUDA GPU in a process; give each process one (spark.executor.resource.gpu.amount 1)"
              .formatted(index, computing));
    }
    return 0;
  }

  /**
   * What has to be visible so that only one GPU is.
   *
   * @param visible what is now: indices or UUIDs, separated by commas; empty for all
   */
  static String entry(Optional<String> visible, int index) {
    if (visible.isEmpty()) {
      return String.valueOf(index);
    }
    String[] entries = visible.get().split(",", -1);
    if (index >= entries.length || entries[index].isBlank()) {
      throw unavailable(
          "device %d was asked for, but %s is '%s' here; choose one of its entries, counted from 0, or change it"
              .formatted(index, VISIBLE, visible.get()));
    }
    return entries[index].strip();
  }

  /** Changes what native code sees of the environment; {@link System#getenv} stays as it was. */
  @SuppressWarnings("restricted") // the launcher and Spark's own flags allow native access
  static void setVariable(String name, String value, int overwrite) {
    Linker linker = Linker.nativeLinker();
    try (Arena arena = Arena.ofConfined()) {
      int failed =
          (int)
              linker
                  .downcallHandle(
                      linker.defaultLookup().findOrThrow("setenv"),
                      FunctionDescriptor.of(
                          ValueLayout.JAVA_INT,
                          ValueLayout.ADDRESS,
                          ValueLayout.ADDRESS,
                          ValueLayout.JAVA_INT))
                  .invokeExact(arena.allocateFrom(name), arena.allocateFrom(value), overwrite);
      if (failed != 0) {
        throw unavailable(
            name + " cannot be set to '" + value + "' in this process; set it outside");
      }
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  private static EngineException unavailable(String message) {
    return new EngineException(ErrorCode.BACKEND_UNAVAILABLE, message);
  }
}
