package io.assay.job.progress;

import io.assay.job.console.Console;
import io.assay.job.console.Numbers;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Supplier;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/**
 * Shows how far the work has come: a bar with speed and time left on a terminal, a line every few
 * seconds elsewhere; notes as they come, and details now and then if the console is verbose.
 */
final class ProgressDisplay implements AutoCloseable {
  private static final Duration BAR_INTERVAL = Duration.ofMillis(250);
  private static final Duration LINE_INTERVAL = Duration.ofSeconds(5);
  private static final Duration DETAIL_INTERVAL = Duration.ofSeconds(30);

  /** Takes a bar off its line, so that a sentence can stand there; the bar comes again below. */
  private static final String ERASE_LINE = "\r\u001b[2K";

  private final Console console;
  private final Work total;
  private final Supplier<Work> done;
  private final Supplier<List<String>> details;
  private final ConcurrentLinkedQueue<String> notes = new ConcurrentLinkedQueue<>();
  private final long started = System.nanoTime();
  private final ProgressBar bar;
  private final Thread thread;
  private long detailed = started;
  private volatile boolean closed;

  /**
   * Starts a display that asks its sources until it is closed.
   *
   * @param total all there is to do; what will be computed is not known and not looked at
   * @param done what has been done
   * @param details lines for a verbose console
   */
  ProgressDisplay(
      Console console, Work total, Supplier<Work> done, Supplier<List<String>> details) {
    this.console = console;
    this.total = total;
    this.done = done;
    this.details = details;
    boolean terminal = !console.quiet() && Console.terminal();
    this.bar =
        terminal
            ? new ProgressBarBuilder()
                .setTaskName("tokens")
                .setInitialMax(total.submitted())
                .setStyle(ProgressBarStyle.UNICODE_BLOCK)
                .setUpdateIntervalMillis((int) BAR_INTERVAL.toMillis())
                .setUnit(" tok", 1)
                .showSpeed()
                .setConsumer(new ConsoleProgressBarConsumer(console.stream()))
                .build()
            : null;
    Duration interval = terminal ? BAR_INTERVAL : LINE_INTERVAL;
    this.thread = Thread.ofPlatform().daemon().name("progress").start(() -> loop(interval));
  }

  /** A sentence to be shown soon; may come from any thread. */
  void note(String sentence) {
    notes.add(sentence);
  }

  /** Shows the last state and stops. */
  @Override
  public void close() {
    closed = true;
    thread.interrupt();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    showNotes();
    show(done.get());
    if (bar != null) {
      bar.close();
    }
    showDetails();
  }

  private void loop(Duration interval) {
    while (!closed) {
      try {
        Thread.sleep(interval);
      } catch (InterruptedException e) {
        return;
      }
      showNotes();
      show(done.get());
      if (System.nanoTime() - detailed >= DETAIL_INTERVAL.toNanos()) {
        detailed = System.nanoTime();
        showDetails();
      }
    }
  }

  private void show(Work work) {
    if (bar != null) {
      bar.stepTo(Math.min(work.submitted(), total.submitted()));
      bar.setExtraMessage(
          String.format(
              Locale.ROOT,
              " %d/%d requests, %s computed",
              work.requests(),
              total.requests(),
              Numbers.count(work.computed())));
    } else {
      console.line(line(work, total, (System.nanoTime() - started) / 1e9));
    }
  }

  private void showNotes() {
    for (String note = notes.poll(); note != null; note = notes.poll()) {
      say(note);
    }
  }

  private void showDetails() {
    if (console.verbose()) {
      details.get().forEach(this::say);
    }
  }

  private void say(String text) {
    console.line(bar == null || closed ? text : ERASE_LINE + text);
  }

  /** The line for logs: share, requests, tokens, of them computed, tokens a second, time left. */
  static String line(Work work, Work total, double seconds) {
    double share =
        total.submitted() == 0 ? 1 : Math.min(1, (double) work.submitted() / total.submitted());
    double left = share == 0 ? Double.NaN : seconds * (1 - share) / share;
    return String.format(
        Locale.ROOT,
        "%3.0f %%  %s/%s requests  %s/%s tokens (%s computed)  %s tokens/s  %s left",
        100 * share,
        Numbers.count(work.requests()),
        Numbers.count(total.requests()),
        Numbers.count(work.submitted()),
        Numbers.count(total.submitted()),
        Numbers.count(work.computed()),
        Numbers.count(Math.round(work.submitted() / Math.max(seconds, 1e-3))),
        Double.isNaN(left) ? "unknown time" : Numbers.duration(left));
  }
}
