package io.assay.job.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.spark.SparkConf;
import org.junit.jupiter.api.Test;
import scala.Tuple2;

/** Which machines Spark stops asking. */
class ExclusionTest {
  private static Map<String, String> set(String... settings) {
    SparkConf conf = new SparkConf(/* loadDefaults= */ false);
    for (int i = 0; i < settings.length; i += 2) {
      conf.set(settings[i], settings[i + 1]);
    }
    Exclusion.set(conf);
    return Arrays.stream(conf.getAll()).collect(Collectors.toMap(Tuple2::_1, Tuple2::_2));
  }

  @Test
  void oneWaveAtATimeAndNeverAWholeMachine() {
    assertThat(set())
        .containsEntry("spark.excludeOnFailure.taskAndStage.enabled", "true")
        .containsEntry("spark.excludeOnFailure.application.enabled", "false")
        .containsEntry("spark.excludeOnFailure.task.maxTaskAttemptsPerExecutor", "2")
        .containsEntry("spark.excludeOnFailure.stage.maxFailedExecutorsPerNode", "1000000");
  }

  @Test
  void whatIsSetStays() {
    assertThat(set("spark.excludeOnFailure.enabled", "false"))
        .containsExactly(Map.entry("spark.excludeOnFailure.enabled", "false"));
    assertThat(set("spark.excludeOnFailure.stage.maxFailedTasksPerExecutor", "9"))
        .containsEntry("spark.excludeOnFailure.stage.maxFailedTasksPerExecutor", "9")
        .containsEntry("spark.excludeOnFailure.taskAndStage.enabled", "true");
  }

  /** Spark does not start with as many attempts on a machine as there are in all. */
  @Test
  void whoWantsFewAttemptsGetsThem() {
    assertThat(set("spark.task.maxFailures", "2"))
        .containsExactly(Map.entry("spark.task.maxFailures", "2"));
    assertThat(set("spark.task.maxFailures", "3"))
        .containsEntry("spark.excludeOnFailure.task.maxTaskAttemptsPerNode", "2");
  }
}
