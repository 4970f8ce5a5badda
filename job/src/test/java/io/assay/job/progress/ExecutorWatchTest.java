package io.assay.job.progress;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.scheduler.SparkListenerExecutorRemoved;
import org.apache.spark.scheduler.SparkListenerTaskStart;
import org.apache.spark.scheduler.TaskInfo;
import org.apache.spark.scheduler.TaskLocality;
import org.junit.jupiter.api.Test;

/** What Spark's events become in words, whoever shows them. */
class ExecutorWatchTest {
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
