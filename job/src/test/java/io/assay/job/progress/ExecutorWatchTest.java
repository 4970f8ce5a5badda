package io.assay.job.progress;

import static org.assertj.core.api.Assertions.assertThat;

import io.assay.job.Failure;
import io.assay.job.InputException;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.ExceptionFailure;
import org.apache.spark.SparkException;
import org.apache.spark.scheduler.AccumulableInfo;
import org.apache.spark.scheduler.SparkListenerExecutorRemoved;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.scheduler.SparkListenerTaskStart;
import org.apache.spark.scheduler.TaskInfo;
import org.apache.spark.scheduler.TaskLocality;
import org.junit.jupiter.api.Test;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;

/** What Spark's events become in words, whoever shows them. */
class ExecutorWatchTest {
  private static final Seq<AccumulableInfo> NONE =
      CollectionConverters.asScala(List.<AccumulableInfo>of()).toSeq();

  private final List<String> console = new ArrayList<>();
  private final List<String> display = new ArrayList<>();
  private final ExecutorWatch watch = new ExecutorWatch(/* context= */ null, console::add);

  private void starts(long task, String executor) {
    watch
        .listener()
        .onTaskStart(
            new SparkListenerTaskStart(
                3,
                0,
                new TaskInfo(task, 0, 0, 0, 0, executor, "node7", TaskLocality.ANY(), false)));
  }

  private void isRemoved(String executor, String reason) {
    watch.listener().onExecutorRemoved(new SparkListenerExecutorRemoved(0, executor, reason));
  }

  @Test
  void lossesAreSaidWhateverIsGoingOn() {
    starts(1, "4");
    isRemoved("4", "Command exited with code 137.");
    assertThat(console)
        .containsExactly(
            "executor 4 on node7 was lost: Command exited with code 137; its unfinished task is"
                + " done again");
  }

  private void fails(long task, String executor, Exception thrown) {
    watch
        .listener()
        .onTaskEnd(
            new SparkListenerTaskEnd(
                3,
                0,
                "ResultTask",
                new ExceptionFailure(thrown, NONE),
                new TaskInfo(task, 0, 0, 0, 0, executor, "node7", TaskLocality.ANY(), false),
                null,
                null));
  }

  @Test
  void theFirstFailureOnAnExecutorIsSaid() {
    fails(1, "4", new InputException("the disk is full", null));
    fails(2, "4", new InputException("the disk is full", null));
    fails(3, "5", new IllegalStateException("what is this"));
    assertThat(console)
        .containsExactly(
            "a task failed on executor 4 on node7: INPUT_UNREADABLE: the disk is full; it is tried"
                + " again, elsewhere if that goes on",
            "a task failed on executor 5 on node7: INTERNAL: IllegalStateException: what is this;"
                + " it is tried again, elsewhere if that goes on");
  }

  @Test
  void inOneProcessAFailureIsSaidOnceByTheRun() {
    fails(1, "driver", new InputException("the disk is full", null));
    assertThat(console).isEmpty();
  }

  @Test
  void thatNobodyIsLeftIsExplainedByTheLastFailure() {
    Exception aborted =
        new SparkException(
            "Aborting TaskSet 3.0 because task 0 (partition 0) cannot run anywhere due to node and"
                + " executor excludeOnFailure.");
    assertThat(Failure.of(watch.explained(aborted)).code()).isEqualTo("INTERNAL");
    fails(1, "4", new InputException("the disk is full", null));
    assertThat(Failure.of(watch.explained(aborted)).code()).isEqualTo("INPUT_UNREADABLE");
    assertThat(Failure.of(watch.explained(new IllegalStateException(aborted))).message())
        .isEqualTo("the disk is full");

    RuntimeException other = new IllegalStateException("something else");
    assertThat(watch.explained(other)).isSameAs(other);
  }

  @Test
  void whileABarIsShownTheyComeByIt() {
    try (ExecutorWatch.Detour detour = watch.through(display::add)) {
      isRemoved("1", "worker lost");
    }
    isRemoved("2", "worker lost");
    assertThat(display).singleElement().asString().startsWith("executor 1 was lost");
    assertThat(console).singleElement().asString().startsWith("executor 2 was lost");
  }

  @Test
  void oneThatSparkHasNoMoreWorkForIsNotLost() {
    isRemoved("1", "Executor killed by driver.");
    starts(1, "2");
    isRemoved("2", "Executor killed by driver.");
    assertThat(console).singleElement().asString().startsWith("executor 2 on node7 was lost");
  }
}
