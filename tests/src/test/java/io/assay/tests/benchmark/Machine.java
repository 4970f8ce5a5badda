package io.assay.tests.benchmark;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * What a figure was measured on.
 *
 * @param cpu model name, or the architecture where the system does not tell
 * @param cores processors this process may use
 * @param flags vector and matrix extensions, as Linux names them; empty where it does not tell
 * @param memory bytes
 * @param jdk version of the Java machine
 */
record Machine(String cpu, int cores, List<String> flags, long memory, String jdk) {
  private static final Path CPUINFO = Path.of("/proc/cpuinfo");

  static Machine here() {
    return new Machine(
        cpuinfo("model name", System.getProperty("os.arch")),
        Runtime.getRuntime().availableProcessors(),
        Arrays.stream(cpuinfo("flags", "").split(" ", -1))
            .filter(flag -> flag.equals("avx2") || flag.matches("(avx512|amx).*"))
            .sorted()
            .toList(),
        ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getTotalMemorySize(),
        Runtime.version().toString());
  }

  private static String cpuinfo(String key, String otherwise) {
    if (!Files.isReadable(CPUINFO)) {
      return otherwise;
    }
    try {
      return Files.readAllLines(CPUINFO).stream()
          .filter(line -> line.startsWith(key))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst()
          .orElse(otherwise);
    } catch (IOException e) {
      return otherwise;
    }
  }
}
