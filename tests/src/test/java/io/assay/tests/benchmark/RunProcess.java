package io.assay.tests.benchmark;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.assay.job.spark.Sessions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Runs whose driver is a process of its own, as are the executors of {@code local-cluster}. */
final class RunProcess {
  private final Path spark;
  private final long driverHeap;
  private final Progress progress;

  /**
   * @param folder for Spark's own files
   * @param driverHeap most bytes of the driver's heap
   */
  RunProcess(Path folder, long driverHeap, Progress progress) throws IOException {
    this.spark = folder.resolve("spark");
    this.driverHeap = driverHeap;
    this.progress = progress;
    // Spark asks for a folder of jars; its own are on the class path.
    Files.createDirectories(spark.resolve("jars"));
  }

  /**
   * The section {@code spark} of a run file, with the clock that the result needs.
   *
   * @param master of Spark
   * @param executorMebibytes heap of an executor
   * @param executorOptions more options of its JVM
   */
  static String section(String master, int executorMebibytes, String executorOptions) {
    return """
        spark:
          master: "%1$s"
          conf:
            spark.extraListeners: %2$s
            spark.executor.memory: %3$dm
            spark.executor.extraClassPath: "%4$s"
            spark.executor.extraJavaOptions: "%5$s"
            spark.ui.enabled: false
            spark.driver.host: localhost
            spark.driver.bindAddress: 127.0.0.1
        """
            .formatted(
                master,
                StageClock.class.getName(),
                executorMebibytes,
                System.getProperty("java.class.path"),
                "--add-modules=jdk.incubator.vector --enable-native-access=ALL-UNNAMED"
                    + " -Dai.djl.offline=true -DOPT_OUT_TRACKING=true"
                    + (" -Dlog4j2.configurationFile=" + logging())
                    + executorOptions)
        // As conf/spark-defaults.conf has it; in one process a run knows better.
        + (Sessions.isLocal(master) ? "" : "    spark.sql.shuffle.partitions: 16\n");
  }

  private static Path logging() {
    return Path.of(System.getProperty("assay.root", "..")).resolve("conf/log4j2.properties");
  }

  /**
   * Runs to the end.
   *
   * @param run its file
   * @param watchHeap whether the result says how much of its heap the driver used
   * @throws IOException if it fails
   */
  RunResult run(Path run, String id, boolean watchHeap) throws IOException {
    List<String> worker =
        new ArrayList<>(
            List.of("run-worker", "--quiet=" + progress.quiet(), "--run=" + run, "--run-id=" + id));
    if (watchHeap) {
      worker.add("--watch-heap");
    }
    List<String> command =
        Children.java(
            List.of("-Xmx" + driverHeap, "-Dlog4j2.configurationFile=" + logging()), worker);
    Map<String, String> environment =
        Map.of(
            "SPARK_HOME",
            spark.toString(),
            "SPARK_LOCAL_DIRS",
            spark.resolve("local").toString(),
            "SPARK_SCALA_VERSION",
            "2.13",
            "SPARK_LOCAL_IP",
            "127.0.0.1");
    return new ObjectMapper().readValue(Children.run(command, environment), RunResult.class);
  }
}
