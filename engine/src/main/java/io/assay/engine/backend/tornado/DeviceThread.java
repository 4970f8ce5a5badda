package io.assay.engine.backend.tornado;

import io.assay.engine.EngineException;
import io.assay.engine.ErrorCode;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** The one thread of this process that talks to a device; TornadoVM is not made for more. */
final class DeviceThread {
  private static final Map<String, DeviceThread> THREADS = new ConcurrentHashMap<>();

  private final ExecutorService executor;

  private DeviceThread(String device) {
    executor =
        Executors.newSingleThreadExecutor(
            // Without what the thread that comes first has, such as its class loader.
            Thread.ofPlatform()
                .daemon()
                .inheritInheritableThreadLocals(false)
                .name("device-" + device)
                .factory());
  }

  /** The owner of a device. */
  static DeviceThread of(String device) {
    return THREADS.computeIfAbsent(device, DeviceThread::new);
  }

  /** Has the owner do something and waits; what it throws is thrown here. */
  void run(Runnable work) {
    Future<?> done = executor.submit(work);
    boolean interrupted = false;
    try {
      while (true) {
        try {
          done.get();
          return;
        } catch (InterruptedException e) {
          // What has begun on the device cannot be taken back; the caller hears of it afterwards.
          interrupted = true;
        }
      }
    } catch (ExecutionException e) {
      if (e.getCause() instanceof EngineException known) {
        throw new EngineException(known.code(), known.getMessage(), known);
      }
      throw new EngineException(
          ErrorCode.BACKEND_UNAVAILABLE,
          "the device failed in the middle of a computation: "
              + e.getCause()
              + "; see its driver's log, or use --backend cpu",
          e.getCause());
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
