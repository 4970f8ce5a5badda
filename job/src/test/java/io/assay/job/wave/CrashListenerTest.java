package io.assay.job.wave;

import static org.assertj.core.api.Assertions.assertThat;

import io.assay.job.InputException;
import java.util.List;
import java.util.Properties;
import org.apache.spark.ExceptionFailure;
import org.apache.spark.ExecutorLostFailure;
import org.apache.spark.TaskEndReason;
import org.apache.spark.scheduler.AccumulableInfo;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.scheduler.StageInfo;
import org.apache.spark.scheduler.TaskInfo;
import org.apache.spark.scheduler.TaskLocality;
import org.junit.jupiter.api.Test;
import scala.Option;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;

/** Which tasks were lost with their executor, and which only failed. */
class CrashListenerTest {
  private static final Seq<AccumulableInfo> NONE =
      CollectionConverters.asScala(List.<AccumulableInfo>of()).toSeq();

  private final CrashListener crashes = new CrashListener();

  private void starts(int job, int stage, String wave) {
    Properties properties = new Properties();
    properties.setProperty(CrashListener.WAVE, wave);
    StageInfo info =
        new StageInfo(
            stage,
            0,
            "stage",
            2,
            CollectionConverters.asScala(List.<org.apache.spark.storage.RDDInfo>of()).toSeq(),
            CollectionConverters.asScala(List.<Object>of()).toSeq(),
            "",
            null,
            null,
            Option.empty(),
            0,
            false,
            0);
    crashes.onJobStart(
        new SparkListenerJobStart(
            job, 0, CollectionConverters.asScala(List.of(info)).toSeq(), properties));
  }

  private void ends(int stage, int index, TaskEndReason reason) {
    TaskInfo task = new TaskInfo(index, index, 0, 0, 0, "4", "node7", TaskLocality.ANY(), false);
    crashes.onTaskEnd(new SparkListenerTaskEnd(stage, 0, "ResultTask", reason, task, null, null));
  }

  @Test
  void lostAndFailedTasksAreToldApartByWave() {
    starts(1, 11, "1");
    starts(2, 12, "2");
    InputException full = new InputException("the disk is full");
    ends(11, 1, new ExecutorLostFailure("4", true, Option.apply("gone")));
    ends(12, 0, new ExceptionFailure(full, NONE));
    ends(13, 0, new ExceptionFailure(new IllegalStateException("of no wave"), NONE));

    assertThat(crashes.lost("1")).containsExactly(1);
    assertThat(crashes.thrown("1")).isNull();
    assertThat(crashes.lost("2")).isEmpty();
    assertThat(crashes.thrown("2")).isSameAs(full);
  }
}
