package io.assay.engine.backend.tornado.sdk;

import java.lang.management.ManagementFactory;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How much of a device's memory TornadoVM may fill. */
public final class DeviceMemory {
  /** TornadoVM's own property. */
  static final String PROPERTY = "tornado.device.memory";

  /** Where nothing is known of the device, as much as it has by TornadoVM's own default. */
  private static final long UNKNOWN = 4L << 30;

  private static final Pattern SIZE = Pattern.compile("([1-9][0-9]{0,8}) *([MG])B");

  private DeviceMemory() {}

  /** Bytes in a size such as {@code 70GB} or {@code 8192MB}; empty if it is not one. */
  public static Optional<Long> parse(String size) {
    Matcher matcher = SIZE.matcher(size.strip());
    return matcher.matches()
        ? Optional.of(Long.parseLong(matcher.group(1)) << (matcher.group(2).equals("G") ? 30 : 20))
        : Optional.empty();
  }

  /**
   * Bytes when nobody says: what this JVM was started with, else a quarter of the machine's memory:
   * a device that shares it, such as OpenCL on the processor, has a second copy of every array
   * there, and the heap takes some.
   */
  public static long standard() {
    String given = System.getProperty(PROPERTY);
    return Optional.ofNullable(given).flatMap(DeviceMemory::parse).orElseGet(DeviceMemory::quarter);
  }

  private static long quarter() {
    return ManagementFactory.getOperatingSystemMXBean()
            instanceof com.sun.management.OperatingSystemMXBean system
        ? system.getTotalMemorySize() / 4
        : UNKNOWN;
  }
}
