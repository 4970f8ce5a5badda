package io.assay.engine.backend.cpu.x86;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** What the processor and the system offer, as Linux reports it. */
public final class Processor {
  private static final List<String> BASE = List.of("avx512f", "avx512bw", "avx512vl", "avx512dq");
  private static final String BF16 = "avx512_bf16";
  private static final String TABLES = "avx512vbmi";

  private Processor() {}

  /** Why fp32 routines cannot run here; null if they can. */
  public static String lacksBase() {
    return lacks(BASE);
  }

  /** Why bf16 routines cannot run here; null if they can. */
  public static String lacksBf16() {
    String base = lacks(BASE);
    return base != null ? base : lacks(List.of(BF16));
  }

  /** Whether bytes can be looked up in tables of 128. */
  static boolean hasTables() {
    return lacks(List.of(TABLES)) == null;
  }

  /** Throws if something is lacking. */
  static void require(String lacks) {
    if (lacks != null) {
      throw new UnsupportedOperationException(lacks);
    }
  }

  private static String lacks(List<String> wanted) {
    String system = System.getProperty("os.name");
    String architecture = System.getProperty("os.arch");
    if (!system.equals("Linux") || !architecture.equals("amd64")) {
      return "they are written for Linux on x86-64, this is " + system + " on " + architecture;
    }
    Set<String> missing = new TreeSet<>(wanted);
    missing.removeAll(flags());
    return missing.isEmpty() ? null : "the processor does not offer " + String.join(", ", missing);
  }

  private static Set<String> flags() {
    try (var lines = Files.lines(Path.of("/proc/cpuinfo"))) {
      return new TreeSet<>(
          lines
              .filter(line -> line.startsWith("flags"))
              .findFirst()
              .map(line -> Arrays.asList(line.substring(line.indexOf(':') + 1).trim().split(" ")))
              .orElse(List.of()));
    } catch (IOException e) {
      return Set.of();
    }
  }
}
