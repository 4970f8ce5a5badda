package io.assay.job.progress;

import io.assay.job.console.Console;
import io.assay.job.console.Numbers;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
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

  /** Lines start close together and become rare, so that a night's log stays short. */
  private static final Duration FIRST_LINE = Duration.ofSeconds(5);

  private static final Duration RARE_LINES = Duration.ofMinutes(5);

  /** Programs that watch for signs of life want them more often. */
  private static final Duration RARE_EVENTS = Duration.ofMinutes(1);

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
    this.bar =
        console.isInteractive()
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
    this.thread = Thread.ofPlatform().daemon().name("progress").start(this::loop);
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

  private void loop() {
    Duration interval = bar != null ? BAR_INTERVAL : FIRST_LINE;
    while (!closed) {
      try {
        Thread.sleep(interval);
      } catch (InterruptedException e) {
        return;
      }
      interval = bar != null ? interval : later(interval, console.isJson());
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
    } else if (console.isJson()) {
      console.event("progress", fields(work, total, seconds()));
    } else {
      console.line(line(work, total, seconds()));
    }
  }

  private double seconds() {
    return (System.nanoTime() - started) / 1e9;
  }

  /** The pause after a pause: twice as long, up to a bound. */
  static Duration later(Duration interval, boolean events) {
    Duration most = events ? RARE_EVENTS : RARE_LINES;
    Duration twice = interval.multipliedBy(2);
    return twice.compareTo(most) < 0 ? twice : most;
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
    double left = left(work, total, seconds);
    return String.format(
        Locale.ROOT,
        "%3.0f %%  %s/%s requests  %s/%s tokens (%s computed)  %s tokens/s  %s left",
        100 * share(work, total),
        Numbers.count(work.requests()),
        Numbers.count(total.requests()),
        Numbers.count(work.submitted()),
        Numbers.count(total.submitted()),
        Numbers.count(work.computed()),
        Numbers.count(Math.round(speed(work, seconds))),
        Double.isNaN(left) ? "unknown time" : Numbers.duration(left));
  }

  /** The same for programs. */
  static Map<String, Object> fields(Work work, Work total, double seconds) {
    double left = left(work, total, seconds);
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("requests_done", work.requests());
    fields.put("requests_total", total.requests());
    fields.put("tokens_done", work.submitted());
    fields.put("tokens_total", total.submitted());
    fields.put("tokens_computed", work.computed());
    fields.put("tokens_per_second", speed(work, seconds));
    fields.put("seconds", seconds);
    fields.put("seconds_left", Double.isNaN(left) ? null : left);
    return fields;
  }

  private static double share(Work work, Work total) {
    return total.submitted() == 0 ? 1 : Math.min(1, (double) work.submitted() / total.submitted());
  }

  private static double speed(Work work, double seconds) {
    return work.submitted() / Math.max(seconds, 1e-3);
  }

  /** Seconds, NaN before anything is done. */
  private static double left(Work work, Work total, double seconds) {
    double share = share(work, total);
    return share == 0 ? Double.NaN : seconds * (1 - share) / share;
  }
}
