package io.assay.job.report;

import io.assay.job.table.RunTables;
import io.assay.job.table.Table;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What was computed, where, and how much of it prefix sharing saved.
 *
 * @param phases sums over all executors
 * @param omitted executors that are not on the page
 */
record ThroughputSection(List<Work> phases, List<Work> executors, int omitted) {
  private static final int MOST = 200;

  /**
   * A row of {@code throughput}, or a sum of them.
   *
   * @param seconds time in the engine, added up over executors
   */
  record Work(
      String executor,
      String device,
      String phase,
      long requests,
      long submitted,
      long computed,
      double seconds) {
    private Work plus(Work other) {
      return new Work(
          null,
          null,
          phase,
          requests + other.requests,
          submitted + other.submitted,
          computed + other.computed,
          seconds + other.seconds);
    }
  }

  /** The run's work; null if it did none. */
  static ThroughputSection of(RunTables tables) {
    List<Work> rows =
        tables.list(
            Table.THROUGHPUT,
            row ->
                new Work(
                    row.text("executor"),
                    row.text("device"),
                    row.text("phase"),
                    row.count("requests"),
                    row.count("tokens_submitted"),
                    row.count("tokens_computed"),
                    row.number("seconds")));
    Map<String, Work> phases = new TreeMap<>();
    rows.forEach(row -> phases.merge(row.phase, row, Work::plus));
    return rows.isEmpty()
        ? null
        : new ThroughputSection(
            List.copyOf(phases.values()), Shown.first(rows, MOST), Shown.omitted(rows, MOST));
  }
}
