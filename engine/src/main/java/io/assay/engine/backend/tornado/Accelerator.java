package io.assay.engine.backend.tornado;

import com.sun.management.HotSpotDiagnosticMXBean;
import io.assay.engine.EngineException;
import io.assay.engine.ErrorCode;
import io.assay.engine.backend.tornado.sdk.DeviceMemory;
import io.assay.engine.backend.tornado.sdk.RunningJvm;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import uk.ac.manchester.tornado.api.TornadoBackend;
import uk.ac.manchester.tornado.api.TornadoRuntime;
import uk.ac.manchester.tornado.api.common.TornadoDevice;
import uk.ac.manchester.tornado.api.enums.TornadoDeviceType;
import uk.ac.manchester.tornado.api.runtime.TornadoRuntimeProvider;

/**
 * A device TornadoVM sees.
 *
 * @param name index of TornadoVM's backend and of the device in it, {@code 0:1}
 */
record Accelerator(String name, TornadoDevice device, String backend) {
  private static final String BOUND_ARRAYS_PROPERTY = "assay.tornado.largest.array";

  /** Arrays begin with a header, and TornadoVM allocates less than a device allows, not as much. */
  private static final long HEADER_ROOM = 1 << 10;

  /** All devices, in TornadoVM's order. */
  static List<Accelerator> all() {
    RunningJvm.requireTornado();
    TornadoRuntime runtime = runtime();
    List<Accelerator> all = new ArrayList<>();
    for (int b = 0; b < runtime.getNumBackends(); b++) {
      TornadoBackend backend = runtime.getBackend(b);
      for (int d = 0; d < backend.getNumDevices(); d++) {
        all.add(new Accelerator(b + ":" + d, backend.getDevice(d), backend.getName()));
      }
    }
    return all;
  }

  /**
   * TornadoVM's runtime, which looks for its backends when it is first asked for, through the
   * thread's class loader: that of a Spark task may not see them, and then there are none for ever.
   */
  private static synchronized TornadoRuntime runtime() {
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    thread.setContextClassLoader(ClassLoader.getSystemClassLoader());
    try {
      return TornadoRuntimeProvider.getTornadoRuntime();
    } finally {
      thread.setContextClassLoader(before);
    }
  }

  /**
   * The devices that are counted: GPUs alone where there are any, so that the first GPU is the
   * first one although OpenCL may list a processor before it.
   */
  static List<Accelerator> counted() {
    List<Accelerator> all = all();
    List<Accelerator> gpus = all.stream().filter(Accelerator::gpu).toList();
    return gpus.isEmpty() ? all : gpus;
  }

  /**
   * The device asked for.
   *
   * @param index among those {@link #counted}, or of all CUDA GPUs; -1 means the first
   */
  static Accelerator choose(int index) {
    RunningJvm.requireTornado();
    int seen = VisibleGpu.ofProcess().show(Math.max(index, 0));
    List<Accelerator> all = started(index);
    if (seen >= all.size()) {
      throw unavailable(
          all.isEmpty()
              ? "backend 'tornado' was asked for, but TornadoVM sees no device; install the driver of the device (assay doctor shows what is seen)"
              : "device %d was asked for, but TornadoVM sees only %s; choose one of them by its index from 0"
                  .formatted(index, all.stream().map(Accelerator::describe).toList()),
          null);
    }
    return all.get(seen);
  }

  /** With CUDA, TornadoVM does not even start where no GPU is visible, or not the one asked for. */
  private static List<Accelerator> started(int index) {
    try {
      return counted();
    } catch (EngineException e) {
      throw e;
    } catch (RuntimeException | LinkageError e) {
      Throwable why = e.getCause() == null ? e : e.getCause();
      throw unavailable(
          "%s was asked for, but TornadoVM does not start (%s); install the driver of the device, and choose one that assay doctor shows"
              .formatted(index < 0 ? "backend 'tornado'" : "device " + index, why.getMessage()),
          e);
    }
  }

  private static EngineException unavailable(String message, Throwable cause) {
    return new EngineException(ErrorCode.BACKEND_UNAVAILABLE, message, cause);
  }

  boolean gpu() {
    return device.getDeviceType() == TornadoDeviceType.GPU;
  }

  /** One line for tables and consoles. */
  String describe() {
    return "tornado %s, %s"
        .formatted(
            backend.toLowerCase(Locale.ROOT).replaceAll("\\s+", " "),
            device.getPhysicalDevice().getDeviceName().strip());
  }

  /**
   * Bytes of arrays there may be: the device's memory, TornadoVM's own bound (which its arguments
   * set), and what the process may take outside its heap, because every array of the device has one
   * on the host.
   */
  long memory() {
    return Math.min(
        Math.min(device.getPhysicalDevice().getDeviceGlobalMemorySize(), outsideHeap()),
        DeviceMemory.standard());
  }

  private static long outsideHeap() {
    long set =
        Long.parseLong(
            ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
                .getVMOption("MaxDirectMemorySize")
                .getValue());
    return set > 0 ? set : Runtime.getRuntime().maxMemory();
  }

  /** Bytes of the largest array; a property bounds it further, to test what is split. */
  long largestArray() {
    return Math.min(
        device.getMaxAllocMemory() - HEADER_ROOM,
        Long.getLong(BOUND_ARRAYS_PROPERTY, Long.MAX_VALUE));
  }
}
