package io.assay.job.console;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/**
 * Shows how far the work has come: a bar with speed and time left on a terminal; elsewhere a line
 * now and then, for programs an event.
 */
public final class ProgressDisplay implements AutoCloseable {
  private static final Duration BAR_INTERVAL = Duration.ofMillis(250);

  /** Lines start close together and become rare, so that a night's log stays short. */
  private static final Duration FIRST_LINE = Duration.ofSeconds(5);

  private static final Duration RARE_LINES = Duration.ofMinutes(5);

  /** Programs that watch for signs of life want them more often. */
  private static final Duration RARE_EVENTS = Duration.ofMinutes(1);

  /**
   * How far the work has come.
   *
   * @param requests requests answered
   * @param tokens tokens those requests would have fed one by one
   */
  public record State(long requests, long tokens) {}

  private final Console console;
  private final Supplier<State> source;
  private final long totalRequests;
  private final long totalTokens;
  private final long started = System.nanoTime();
  private final ProgressBar bar;
  private final Thread thread;
  private volatile boolean done;

  /** Starts a display that asks the source until it is closed. */
  public ProgressDisplay(
      Console console, long totalRequests, long totalTokens, Supplier<State> source) {
    this.console = console;
    this.source = source;
    this.totalRequests = totalRequests;
    this.totalTokens = totalTokens;
    this.bar =
        console.isInteractive()
            ? new ProgressBarBuilder()
                .setTaskName("tokens")
                .setInitialMax(totalTokens)
                .setStyle(ProgressBarStyle.UNICODE_BLOCK)
                .setUpdateIntervalMillis((int) BAR_INTERVAL.toMillis())
                .setUnit(" tok", 1)
                .showSpeed()
                .setConsumer(new ConsoleProgressBarConsumer(console.stream()))
                .build()
            : null;
    this.thread = Thread.ofPlatform().daemon().name("progress").start(this::loop);
  }

  /** Shows the last state and stops. */
  @Override
  public void close() {
    done = true;
    thread.interrupt();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    show(source.get());
    if (bar != null) {
      bar.close();
    }
  }

  private void show(State state) {
    if (bar != null) {
      bar.stepTo(Math.min(state.tokens(), totalTokens));
      bar.setExtraMessage(" " + state.requests() + "/" + totalRequests + " requests");
    } else if (console.isJson()) {
      console.event("progress", fields(state, totalRequests, totalTokens, seconds()));
    } else {
      console.line(line(state, totalRequests, totalTokens, seconds()));
    }
  }

  private void loop() {
    Duration interval = bar != null ? BAR_INTERVAL : FIRST_LINE;
    while (!done) {
      try {
        Thread.sleep(interval);
      } catch (InterruptedException e) {
        return;
      }
      show(source.get());
      interval = bar != null ? interval : later(interval, console.isJson());
    }
  }

  /** The pause after a pause: twice as long, up to a bound. */
  static Duration later(Duration interval, boolean events) {
    Duration most = events ? RARE_EVENTS : RARE_LINES;
    Duration twice = interval.multipliedBy(2);
    return twice.compareTo(most) < 0 ? twice : most;
  }

  private double seconds() {
    return (System.nanoTime() - started) / 1e9;
  }

  /** The line for logs: share, requests, tokens a second and time left. */
  static String line(State state, long totalRequests, long totalTokens, double seconds) {
    double left = left(state, totalTokens, seconds);
    return String.format(
        Locale.ROOT,
        "%3.0f %%  %s/%s requests  %s/%s tokens  %s tokens/s  %s left",
        100 * share(state, totalTokens),
        Numbers.count(state.requests()),
        Numbers.count(totalRequests),
        Numbers.count(state.tokens()),
        Numbers.count(totalTokens),
        Numbers.count(Math.round(speed(state, seconds))),
        Double.isNaN(left) ? "unknown time" : Numbers.duration(left));
  }

  /** The same for programs. */
  static Map<String, Object> fields(
      State state, long totalRequests, long totalTokens, double seconds) {
    double left = left(state, totalTokens, seconds);
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("requests_done", state.requests());
    fields.put("requests_total", totalRequests);
    fields.put("tokens_done", state.tokens());
    fields.put("tokens_total", totalTokens);
    fields.put("tokens_per_second", speed(state, seconds));
    fields.put("seconds", seconds);
    fields.put("seconds_left", Double.isNaN(left) ? null : left);
    return fields;
  }

  private static double share(State state, long totalTokens) {
    return totalTokens == 0 ? 1 : Math.min(1, (double) state.tokens() / totalTokens);
  }

  private static double speed(State state, double seconds) {
    return state.tokens() / Math.max(seconds, 1e-3);
  }

  /** Seconds, NaN before anything is done. */
  private static double left(State state, long totalTokens, double seconds) {
    double share = share(state, totalTokens);
    return share == 0 ? Double.NaN : seconds * (1 - share) / share;
  }
}
