package io.assay.job.spark;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.spark.SparkConf;
import org.junit.jupiter.api.Test;

class ExecutorCoresTest {
  private static final String EXECUTOR =
      "org.apache.spark.executor.CoarseGrainedExecutorBackend --driver-url spark://x@a:1"
          + " --executor-id 0 --hostname a --cores 3 --app-id app-1";

  @Test
  void coresAreWhatTheSettingSaysOrWhatTheProcessWasStartedWith() {
    SparkConf none = new SparkConf(false);
    assertThat(ExecutorCores.of(none, EXECUTOR, 8)).isEqualTo(3);
    assertThat(ExecutorCores.of(none, EXECUTOR.replace("--cores 3", "--cores 16"), 8)).isEqualTo(8);
    SparkConf two = new SparkConf(false).set("spark.executor.cores", "2");
    assertThat(ExecutorCores.of(two, EXECUTOR, 8)).isEqualTo(2);
    assertThat(ExecutorCores.of(none, "some.other.Main --coreset 3", 8)).isZero();
  }

  @Test
  void aDriverIsNoExecutor() {
    assertThat(ExecutorCores.here()).isZero();
  }
}
