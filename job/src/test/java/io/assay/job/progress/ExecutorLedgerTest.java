package io.assay.job.progress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.assay.job.progress.ExecutorLedger.Loss;
import io.assay.job.progress.ExecutorLedger.Partition;
import io.assay.job.progress.ExecutorLedger.State;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ExecutorLedgerTest {
  private static final Partition FIRST = new Partition(7, 0);
  private static final Partition SECOND = new Partition(7, 1);
  private static final long SECOND_NANOS = 1_000_000_000L;

  private final AtomicLong clock = new AtomicLong();
  private final ExecutorLedger ledger = new ExecutorLedger(clock::get);

  @Test
  void runningTasksCountAsFarAsTheyHaveCome() {
    ledger.started(1, "0", "a", FIRST);
    ledger.started(2, "1", "b", SECOND);
    ledger.working(1, new Work(3, 30, 20));
    ledger.working(1, new Work(4, 40, 25));
    ledger.finished(2, new Work(10, 100, 50));

    assertThat(ledger.total()).isEqualTo(new Work(14, 140, 75));
    assertThat(ledger.executors())
        .extracting(State::executor, State::work, State::running, State::finished)
        .containsExactly(
            tuple("0", new Work(4, 40, 25), 1, 0), tuple("1", new Work(10, 100, 50), 0, 1));
  }

  @Test
  void whatALostExecutorHadNotFinishedDoesNotCount() {
    ledger.added("3", "node7");
    ledger.started(1, "3", "node7", FIRST);
    ledger.finished(1, new Work(5, 50, 40));
    ledger.started(2, "3", "node7", SECOND);
    ledger.working(2, new Work(9, 90, 60));

    Loss loss = ledger.removed("3");

    assertThat(loss.unfinished()).isEqualTo(1);
    assertThat(loss.executor().host()).isEqualTo("node7");
    assertThat(loss.executor().lost()).isTrue();
    assertThat(ledger.total()).isEqualTo(new Work(5, 50, 40));
    // Spark says of the task afterwards that it failed, or has said it before.
    ledger.failed(2, /* withExecutor= */ true);
    assertThat(ledger.total()).isEqualTo(new Work(5, 50, 40));
  }

  @Test
  void tasksThatSparkGaveUpBeforeTheirExecutorCountAsItsLoss() {
    ledger.started(1, "3", "a", FIRST);
    ledger.started(2, "3", "a", SECOND);
    ledger.failed(1, /* withExecutor= */ true);

    assertThat(ledger.removed("3").unfinished()).isEqualTo(2);
  }

  @Test
  void aTaskThatFailedByItselfIsNoLossOfItsExecutor() {
    ledger.started(1, "3", "a", FIRST);
    ledger.working(1, new Work(1, 10, 10));
    ledger.failed(1, /* withExecutor= */ false);

    assertThat(ledger.total()).isEqualTo(Work.NONE);
    assertThat(ledger.removed("3").unfinished()).isZero();
  }

  @Test
  void aTaskThatSucceedsTwiceCountsOnce() {
    ledger.started(1, "0", "a", FIRST);
    ledger.started(2, "1", "b", FIRST);
    ledger.finished(1, new Work(1, 10, 10));
    ledger.working(2, new Work(1, 10, 10));
    assertThat(ledger.total()).isEqualTo(new Work(1, 10, 10));

    ledger.finished(2, new Work(1, 10, 10));

    assertThat(ledger.total()).isEqualTo(new Work(1, 10, 10));
  }

  @Test
  void onlyTimeWithTasksIsBusy() {
    ledger.started(1, "0", "a", FIRST);
    clock.addAndGet(2 * SECOND_NANOS);
    ledger.started(2, "0", "a", SECOND);
    clock.addAndGet(SECOND_NANOS);
    ledger.finished(1, Work.NONE);
    clock.addAndGet(SECOND_NANOS);
    ledger.finished(2, Work.NONE);
    clock.addAndGet(100 * SECOND_NANOS);

    assertThat(ledger.executors()).singleElement().extracting(State::seconds).isEqualTo(4.0);
  }

  @Test
  void executorsComeByNumber() {
    for (String executor : new String[] {"10", "2", "driver", "1"}) {
      ledger.added(executor, "a");
    }
    assertThat(ledger.executors())
        .extracting(State::executor)
        .containsExactly("1", "2", "10", "driver");
  }
}
