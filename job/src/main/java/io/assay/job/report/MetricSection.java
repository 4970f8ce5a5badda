package io.assay.job.report;

import io.assay.job.table.RunTables;
import io.assay.job.table.Table;
import io.assay.job.table.TableRow;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Metrics of tasks, groups and corpora, each beside the baseline's.
 *
 * @param omitted rows that are not on the page
 */
record MetricSection(List<Metric> rows, int omitted) {
  private static final int MOST = 400;

  /** What identifies a metric of a run. */
  record Key(String task, String filter, String metric) {
    static Key of(TableRow row) {
      return new Key(row.text("task"), row.text("filter"), row.text("metric"));
    }
  }

  /**
   * A row of the table; NaN for null.
   *
   * @param group whether it is a mean over tasks
   * @param higher whether higher is better, null for groups
   */
  record Metric(
      String task,
      String filter,
      String metric,
      double value,
      double stderr,
      Long n,
      Long shots,
      boolean group,
      Boolean higher,
      double baseline,
      double baselineStderr) {}

  private record Value(double value, double stderr) {
    private static final Value NONE = new Value(Double.NaN, Double.NaN);
  }

  /**
   * The run's metrics; null if it has none.
   *
   * @param baseline tables of the run compared with, or null
   */
  static MetricSection of(RunTables tables, RunTables baseline) {
    Map<Key, Value> before = new HashMap<>();
    if (baseline != null) {
      baseline.each(
          Table.METRICS,
          row -> before.put(Key.of(row), new Value(row.number("value"), row.number("stderr"))));
    }
    List<Metric> rows =
        tables.list(
            Table.METRICS, row -> metric(row, before.getOrDefault(Key.of(row), Value.NONE)));
    return rows.isEmpty()
        ? null
        : new MetricSection(Shown.first(rows, MOST), Shown.omitted(rows, MOST));
  }

  private static Metric metric(TableRow row, Value before) {
    return new Metric(
        row.text("task"),
        row.text("filter"),
        row.text("metric"),
        row.number("value"),
        row.number("stderr"),
        row.count("n"),
        row.count("num_fewshot"),
        row.text("aggregation") == null,
        row.flag("higher_is_better"),
        before.value,
        before.stderr);
  }
}
