package io.assay.engine.weights;

import java.lang.management.ManagementFactory;

/** How much memory this process may use. */
public final class ProcessMemory {
  private ProcessMemory() {}

  /**
   * Bytes that mapped weights may fill without being pushed out: the container's limit, or the
   * machine's memory where there is none, less the largest heap.
   */
  public static long availableForWeights() {
    long total =
        ManagementFactory.getPlatformMXBean(com.sun.management.OperatingSystemMXBean.class)
            .getTotalMemorySize();
    return Math.max(0, total - Runtime.getRuntime().maxMemory());
  }
}
