package io.assay.job.progress;

import static org.assertj.core.api.Assertions.assertThat;

import io.assay.job.progress.ExecutorLedger.Loss;
import io.assay.job.progress.ExecutorLedger.State;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ProgressTextTest {
  private static State state(boolean lost, int running) {
    return new State("3", "node7", lost, running, 5, new Work(52, 4_563, 1_325), 2.0);
  }

  @Test
  void theLineOfTheWhole() {
    Work total = new Work(200, 10_000, 0);

    assertThat(ProgressDisplay.line(new Work(52, 2_500, 1_325), total, 10))
        .isEqualTo(
            " 25 %  52/200 requests  2,500/10,000 tokens (1,325 computed)  250 tokens/s  30.0 s"
                + " left");
    assertThat(ProgressDisplay.line(Work.NONE, total, 10)).endsWith("unknown time left");
  }

  @Test
  void theSameForPrograms() {
    Work total = new Work(100, 2_000, 0);
    assertThat(ProgressDisplay.fields(new Work(25, 500, 100), total, 10))
        .containsEntry("requests_done", 25L)
        .containsEntry("tokens_total", 2_000L)
        .containsEntry("tokens_computed", 100L)
        .containsEntry("tokens_per_second", 50.0)
        .containsEntry("seconds_left", 30.0);
    assertThat(ProgressDisplay.fields(Work.NONE, total, 10)).containsEntry("seconds_left", null);
  }

  /** Ten hours of work, written to a file. */
  @Test
  void aLongRunLeavesAShortLog() {
    assertThat(linesIn(Duration.ofHours(10), /* events= */ false)).isBetween(100, 130);
    assertThat(linesIn(Duration.ofHours(10), /* events= */ true)).isBetween(590, 610);
  }

  private static int linesIn(Duration run, boolean events) {
    Duration interval = Duration.ofSeconds(5);
    Duration passed = interval;
    int lines = 1;
    while (passed.compareTo(run) < 0) {
      interval = ProgressDisplay.later(interval, events);
      passed = passed.plus(interval);
      lines++;
    }
    return lines;
  }

  @Test
  void theLineOfAnExecutor() {
    assertThat(ExecutorText.line(state(false, 2)))
        .isEqualTo(
            "  executor 3 on node7: 2 running, 5 tasks done, 52 requests, 4,563 tokens (1,325"
                + " computed), 2,282 tokens/s");
    assertThat(ExecutorText.line(state(true, 0))).startsWith("  executor 3 on node7: lost, 5");
  }

  @Test
  void aLossInOneSentence() {
    assertThat(ExecutorText.lost(new Loss(state(true, 0), 2), "Command exited with code 137"))
        .isEqualTo(
            "executor 3 on node7 was lost: Command exited with code 137; its 2 unfinished tasks are"
                + " done again");
    assertThat(ExecutorText.lost(new Loss(state(true, 0), 1), "worker lost: gone.\nmore"))
        .endsWith("was lost: worker lost: gone; its unfinished task is done again");
    assertThat(ExecutorText.lost(new Loss(state(true, 0), 0), ""))
        .endsWith("was lost: Spark does not say why; it had no unfinished task");
  }
}
