package io.assay.job.progress;

import static org.assertj.core.api.Assertions.assertThat;

import io.assay.job.console.Console;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.SparkConf;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.VoidFunction;
import org.junit.jupiter.api.Test;

/** What a run's display hears of Spark, in local mode. */
class RunProgressTest {
  private static final int TASKS = 6;

  /** A task that counts a chunk, and whose first attempt fails after it has counted. */
  private record Counting(WorkMeter meter) implements VoidFunction<Integer> {
    @Override
    public void call(Integer task) {
      ChunkProgress chunk = meter.chunk(10, 100);
      chunk.report(10, 100, 60);
      chunk.finish();
      if (task == 0 && TaskContext.get().attemptNumber() == 0) {
        throw new IllegalStateException("the first attempt fails");
      }
    }
  }

  @Test
  void everyTaskCountsOnceAndExecutorsHaveALine() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    Console console =
        new Console(
            new PrintStream(bytes, true, StandardCharsets.UTF_8),
            /* quiet= */ false,
            /* verbose= */ true);
    SparkConf conf =
        new SparkConf()
            .setAppName("progress")
            .setMaster("local[2,2]")
            .set("spark.ui.enabled", "false")
            .set("spark.driver.host", "localhost")
            .set("spark.driver.bindAddress", "127.0.0.1");
    try (JavaSparkContext context = new JavaSparkContext(conf)) {
      try (RunProgress progress =
          RunProgress.start(
              console, context.sc(), 10L * TASKS, 100L * TASKS, Duration.ofMinutes(10))) {
        List<Integer> tasks = IntStream.range(0, TASKS).boxed().toList();
        context.parallelize(tasks, TASKS).foreach(new Counting(progress.meter()));
      }
    }

    List<String> lines = bytes.toString(StandardCharsets.UTF_8).lines().toList();
    assertThat(lines.getLast())
        .startsWith("  executor driver on ")
        .contains(": 0 running, 6 tasks done, 60 requests, 600 tokens (360 computed), ");
    assertThat(lines).anyMatch(line -> line.startsWith("100 % "));
  }
}
