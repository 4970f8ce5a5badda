package io.assay.job.progress;

import io.assay.job.console.Console;
import java.time.Duration;
import java.util.function.Supplier;
import org.apache.spark.SparkContext;

/**
 * Shows people how far the asking has come, from its start until it is closed: the whole, and with
 * {@code --verbose} each executor. {@link ExecutorWatch} says which are lost.
 */
public final class RunProgress implements AutoCloseable {
  /** Spark tells its listeners a little later what has happened. */
  private static final Duration LATEST = Duration.ofSeconds(2);

  private static final long POLL_MILLIS = 20;

  private final SparkContext context;
  private final Work total;
  private final WorkMeter meter;
  private final ExecutorLedger ledger;
  private final ExecutorProgress listener;
  private final ProgressDisplay display;
  private final Duration latest;

  private RunProgress(
      Console console, SparkContext context, long requests, long tokens, Duration latest) {
    this.context = context;
    this.latest = latest;
    this.meter = WorkMeter.register(context);
    this.total = new Work(requests, tokens, 0);
    this.ledger = new ExecutorLedger(System::nanoTime);
    ProgressBoard.reset();
    // Executors in this JVM write on the board, which is quicker than Spark's heartbeats.
    Supplier<Work> done = context.isLocal() ? ProgressBoard::done : ledger::total;
    this.display =
        new ProgressDisplay(
            console,
            total,
            done,
            () -> ledger.executors().stream().map(ExecutorText::line).toList());
    this.listener = new ExecutorProgress(meter::read, ledger, sentence -> {});
    context.addSparkListener(listener);
  }

  /**
   * Starts.
   *
   * @param requests all that will be asked
   * @param tokens what they would feed one by one
   */
  public static RunProgress start(
      Console console, SparkContext context, long requests, long tokens) {
    return start(console, context, requests, tokens, LATEST);
  }

  /**
   * The same.
   *
   * @param latest how much later than it happened the last of what happened may be heard
   */
  static RunProgress start(
      Console console, SparkContext context, long requests, long tokens, Duration latest) {
    return new RunProgress(console, context, requests, tokens, latest);
  }

  /** What tasks count with. */
  public WorkMeter meter() {
    return meter;
  }

  /** A sentence to be shown soon, where it does not meet a bar; may come from any thread. */
  public void note(String sentence) {
    display.note(sentence);
  }

  /** Shows where it ended, and no more. */
  @Override
  public void close() {
    awaitLastEvents();
    display.close();
    context.removeSparkListener(listener);
  }

  private void awaitLastEvents() {
    long start = System.nanoTime();
    try {
      while (ledger.finished().requests() < total.requests()
          && System.nanoTime() - start < latest.toNanos()) {
        Thread.sleep(POLL_MILLIS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
