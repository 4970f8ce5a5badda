package io.assay.job.progress;

import io.assay.job.Failure;
import io.assay.job.console.Numbers;
import java.util.Locale;

/** Executors in words. */
final class ExecutorText {
  private ExecutorText() {}

  /** One line about an executor: its tasks, its work and its speed while it had tasks. */
  static String line(ExecutorLedger.State state) {
    Work work = state.work();
    return String.format(
        Locale.ROOT,
        "  %s: %s, %s tasks done, %s requests, %s tokens (%s computed), %s tokens/s",
        name(state),
        state.lost() ? "lost" : state.running() + " running",
        Numbers.count(state.finished()),
        Numbers.count(work.requests()),
        Numbers.count(work.submitted()),
        Numbers.count(work.computed()),
        Numbers.count(Math.round(work.submitted() / Math.max(state.seconds(), 1e-3))));
  }

  /**
   * What happened to an executor and what that means.
   *
   * @param reason as Spark says it
   */
  static String lost(ExecutorLedger.Loss loss, String reason) {
    String why = reason.lines().findFirst().orElse("").strip();
    why = why.endsWith(".") ? why.substring(0, why.length() - 1) : why;
    int unfinished = loss.unfinished();
    return String.format(
        Locale.ROOT,
        "%s was lost: %s; %s",
        name(loss.executor()),
        why.isEmpty() ? "Spark does not say why" : why,
        switch (unfinished) {
          case 0 -> "it had no unfinished task";
          case 1 -> "its unfinished task is done again";
          default -> "its " + unfinished + " unfinished tasks are done again";
        });
  }

  /** What a task threw on an executor, and what that means. */
  static String failed(String executor, String host, Failure failure) {
    return "a task failed on "
        + name(executor, host)
        + ": "
        + failure.code()
        + ": "
        + failure.message()
        + "; it is tried again, elsewhere if that goes on";
  }

  private static String name(ExecutorLedger.State state) {
    return name(state.executor(), state.host());
  }

  private static String name(String executor, String host) {
    return "executor " + executor + (host == null ? "" : " on " + host);
  }
}
