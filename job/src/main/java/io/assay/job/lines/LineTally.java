package io.assay.job.lines;

import io.assay.engine.WorkStats;
import io.assay.job.console.Numbers;
import java.util.Locale;

/** What a command answered, for its closing line. */
public final class LineTally {
  private long lines;
  private long errors;
  private WorkStats stats = new WorkStats(0, 0, 0);

  void line(String error) {
    lines++;
    if (error != null) {
      errors++;
    }
  }

  void add(WorkStats more) {
    stats = stats.plus(more);
  }

  /** Lines, errors and speed in one line. */
  public String summary() {
    return String.format(
        Locale.ROOT,
        "%s lines, %s with an error; %s tokens in %s (%s computed)",
        Numbers.count(lines),
        Numbers.count(errors),
        Numbers.count(stats.tokensSubmitted()),
        Numbers.duration(stats.seconds()),
        Numbers.count(stats.tokensComputed()));
  }
}
