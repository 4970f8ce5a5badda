package io.assay.job.doctor;

import io.assay.engine.backend.BackendProvider;
import io.assay.engine.backend.cpu.CpuBackend;
import io.assay.job.console.Numbers;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import jdk.incubator.vector.FloatVector;

/** Looks at the machine: nothing is started, downloaded or written. */
public final class Diagnosis {
  private static final int JAVA = 25;
  private static final String SPARK = "4.2";

  /** Instruction sets worth naming, as Linux spells them. */
  private static final List<String> CPU_FLAGS =
      List.of(
          "avx2",
          "fma",
          "avx512f",
          "avx512bw",
          "avx512_vnni",
          "avx512_bf16",
          "amx_tile",
          "amx_bf16",
          "amx_int8",
          "asimd",
          "sve",
          "bf16");

  private Diagnosis() {}

  /**
   * Everything found, in the order it is printed.
   *
   * @param threads worker threads asked for, 0 for one for each processor
   */
  public static List<Finding> ofMachine(int threads) {
    List<Finding> findings = new ArrayList<>();
    findings.add(java());
    findings.add(spark());
    findings.add(cpu());
    findings.add(vectors());
    findings.add(threads(threads));
    findings.add(memory());
    findings.add(Finding.ok("backend cpu", CpuBackend.products()));
    findings.addAll(TornadoDiagnosis.findings());
    return findings;
  }

  private static Finding java() {
    Runtime.Version version = Runtime.version();
    String found =
        version
            + " ("
            + System.getProperty("java.vendor", "unknown")
            + ") in "
            + System.getProperty("java.home");
    return version.feature() >= JAVA
        ? Finding.ok("Java", found)
        : Finding.missing("Java", found, "install a JDK " + JAVA + " and set JAVA_HOME to it");
  }

  private static Finding spark() {
    String version;
    try {
      version =
          Class.forName("org.apache.spark.package$")
              .getMethod("SPARK_VERSION")
              .invoke(Class.forName("org.apache.spark.package$").getField("MODULE$").get(null))
              .toString();
    } catch (ReflectiveOperationException | LinkageError e) {
      return Finding.missing(
          "Spark",
          "not on the class path",
          "start Assay with bin/assay, or on a cluster with spark-submit of Spark " + SPARK);
    }
    return version.startsWith(SPARK + ".")
        ? Finding.ok("Spark", version + ", Scala 2.13")
        : Finding.missing(
            "Spark", version, "use Spark " + SPARK + ": earlier ones do not run on Java " + JAVA);
  }

  private static Finding cpu() {
    String name = System.getProperty("os.arch");
    Set<String> flags = new HashSet<>();
    Path info = Path.of("/proc/cpuinfo");
    if (Files.isReadable(info)) {
      try (Stream<String> lines = Files.lines(info)) {
        for (String line : (Iterable<String>) lines.takeWhile(l -> !l.isBlank())::iterator) {
          String key = line.substring(0, Math.max(0, line.indexOf(':'))).strip();
          String value = line.substring(line.indexOf(':') + 1).strip();
          if (key.equals("model name")) {
            name = value;
          } else if (key.equals("flags") || key.equals("Features")) {
            flags.addAll(Arrays.asList(value.split(" ")));
          }
        }
      } catch (IOException e) {
        return Finding.absent("CPU", name, "/proc/cpuinfo cannot be read: " + e.getMessage());
      }
    }
    List<String> known = CPU_FLAGS.stream().filter(flags::contains).toList();
    return Finding.ok("CPU", name + (known.isEmpty() ? "" : ": " + String.join(" ", known)));
  }

  private static Finding vectors() {
    if (ModuleLayer.boot().findModule("jdk.incubator.vector").isEmpty()) {
      return Finding.missing(
          "Vector API",
          "module jdk.incubator.vector is not loaded",
          "start Java with --add-modules jdk.incubator.vector, as bin/assay does");
    }
    int bits = FloatVector.SPECIES_PREFERRED.vectorBitSize();
    return Finding.ok("Vector API", bits + " bits, " + bits / Float.SIZE + " floats at a time");
  }

  private static Finding threads(int asked) {
    int processors = Runtime.getRuntime().availableProcessors();
    return Finding.ok(
        "threads", BackendProvider.threads(asked) + " on " + processors + " processors");
  }

  private static Finding memory() {
    long heap = Runtime.getRuntime().maxMemory();
    String found = Numbers.bytes((double) heap) + " Java heap";
    if (ManagementFactory.getOperatingSystemMXBean()
        instanceof com.sun.management.OperatingSystemMXBean system) {
      found +=
          ", "
              + Numbers.bytes((double) system.getTotalMemorySize())
              + " in all, "
              + Numbers.bytes((double) system.getFreeMemorySize())
              + " free (weights are mapped outside the heap)";
    }
    return Finding.ok("memory", found);
  }
}
