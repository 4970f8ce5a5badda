package io.assay.job.progress;

import io.assay.job.Failure;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.spark.ExceptionFailure;
import org.apache.spark.ExecutorLostFailure;
import org.apache.spark.Success$;
import org.apache.spark.scheduler.AccumulableInfo;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerExecutorAdded;
import org.apache.spark.scheduler.SparkListenerExecutorMetricsUpdate;
import org.apache.spark.scheduler.SparkListenerExecutorRemoved;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.scheduler.SparkListenerTaskStart;
import org.apache.spark.scheduler.TaskInfo;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Keeps the ledger by what Spark tells the driver: ends of tasks at once, progress by heartbeats.
 */
final class ExecutorProgress extends SparkListener {
  /** What Spark says of an executor that it sent away itself, having nothing for it to do. */
  private static final String SENT_AWAY = "Executor killed by driver";

  /** Spark's name of the executor that is the driver's own process. */
  private static final String DRIVER = "driver";

  private final Function<Map<Long, Long>, Optional<Work>> meter;
  private final ExecutorLedger ledger;
  private final Consumer<String> notes;

  /** Executors of which it was said that a task failed. */
  private final Set<String> failed = new HashSet<>();

  private volatile Throwable lastThrown;

  /**
   * @param meter what a task has done, by what it added to each accumulator; nothing if it counts
   *     other things
   * @param notes hears a sentence about each executor that was lost, and about the first failure on
   *     each
   */
  ExecutorProgress(
      Function<Map<Long, Long>, Optional<Work>> meter,
      ExecutorLedger ledger,
      Consumer<String> notes) {
    this.meter = meter;
    this.ledger = ledger;
    this.notes = notes;
  }

  @Override
  public void onExecutorAdded(SparkListenerExecutorAdded event) {
    ledger.added(event.executorId(), event.executorInfo().executorHost());
  }

  @Override
  public void onExecutorRemoved(SparkListenerExecutorRemoved event) {
    ExecutorLedger.Loss loss = ledger.removed(event.executorId());
    if (loss.unfinished() > 0 || !event.reason().startsWith(SENT_AWAY)) {
      notes.accept(ExecutorText.lost(loss, event.reason()));
    }
  }

  @Override
  public void onTaskStart(SparkListenerTaskStart event) {
    TaskInfo task = event.taskInfo();
    ledger.started(
        task.taskId(),
        task.executorId(),
        task.host(),
        new ExecutorLedger.Partition(event.stageId(), task.index()));
  }

  @Override
  public void onTaskEnd(SparkListenerTaskEnd event) {
    TaskInfo task = event.taskInfo();
    if (event.reason().equals(Success$.MODULE$)) {
      ledger.finished(task.taskId(), meter.apply(updates(task.accumulables())).orElse(Work.NONE));
    } else {
      ledger.failed(task.taskId(), event.reason() instanceof ExecutorLostFailure);
      if (event.reason() instanceof ExceptionFailure failure && failure.exception().isDefined()) {
        threw(task, failure.exception().get());
      }
    }
  }

  private void threw(TaskInfo task, Throwable thrown) {
    lastThrown = thrown;
    // In one process it ends the run, which says it.
    if (!task.executorId().equals(DRIVER) && failed.add(task.executorId())) {
      notes.accept(ExecutorText.failed(task.executorId(), task.host(), Failure.of(thrown)));
    }
  }

  /** What the last task that failed threw, or null. */
  Throwable lastThrown() {
    return lastThrown;
  }

  @Override
  public void onExecutorMetricsUpdate(SparkListenerExecutorMetricsUpdate event) {
    CollectionConverters.asJava(event.accumUpdates())
        .forEach(
            update ->
                meter
                    .apply(updates(update._4()))
                    .ifPresent(work -> ledger.working((Long) update._1(), work)));
  }

  /** What a task has added to each accumulator that counts in whole numbers. */
  private static Map<Long, Long> updates(Seq<AccumulableInfo> accumulables) {
    Map<Long, Long> updates = new HashMap<>();
    for (AccumulableInfo info : CollectionConverters.asJava(accumulables)) {
      if (info.update().isDefined() && info.update().get() instanceof Long value) {
        updates.put(info.id(), value);
      }
    }
    return updates;
  }
}
