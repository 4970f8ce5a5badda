package io.assay.job.console;

import java.time.Duration;
import java.util.Locale;
import java.util.function.Supplier;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/**
 * Shows how far the work has come: a bar with speed and time left on a terminal, a line every few
 * seconds elsewhere.
 */
public final class ProgressDisplay implements AutoCloseable {
  private static final Duration BAR_INTERVAL = Duration.ofMillis(250);
  private static final Duration LINE_INTERVAL = Duration.ofSeconds(5);

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
    boolean terminal = !console.quiet() && Console.terminal();
    this.bar =
        terminal
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
    Duration interval = terminal ? BAR_INTERVAL : LINE_INTERVAL;
    this.thread = Thread.ofPlatform().daemon().name("progress").start(() -> loop(interval));
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
    } else {
      console.line(line(state, totalRequests, totalTokens, seconds()));
    }
  }

  private void loop(Duration interval) {
    while (!done) {
      try {
        Thread.sleep(interval);
      } catch (InterruptedException e) {
        return;
      }
      show(source.get());
    }
  }

  private double seconds() {
    return (System.nanoTime() - started) / 1e9;
  }

  /** The line for logs: share, requests, tokens a second and time left. */
  static String line(State state, long totalRequests, long totalTokens, double seconds) {
    double share = totalTokens == 0 ? 1 : Math.min(1, (double) state.tokens() / totalTokens);
    double left = share == 0 ? Double.NaN : seconds * (1 - share) / share;
    return String.format(
        Locale.ROOT,
        "%3.0f %%  %s/%s requests  %s/%s tokens  %s tokens/s  %s left",
        100 * share,
        Numbers.count(state.requests()),
        Numbers.count(totalRequests),
        Numbers.count(state.tokens()),
        Numbers.count(totalTokens),
        Numbers.count(Math.round(state.tokens() / Math.max(seconds, 1e-3))),
        Double.isNaN(left) ? "unknown time" : Numbers.duration(left));
  }
}
