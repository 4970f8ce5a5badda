package io.assay.job.report;

import io.assay.job.table.FinishedRun;
import io.assay.job.table.RunCatalog;
import io.assay.job.table.RunTables;
import io.assay.job.table.Table;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The metrics of a run and of those of the same family before it, the oldest first.
 *
 * @param omitted metrics that are not on the page
 */
record TrendSection(List<Night> runs, List<Series> series, int omitted) {
  private static final int MOST_RUNS = 30;
  private static final int MOST_SERIES = 80;

  /** Runs whose row is looked at; with more, those that ended long ago are not found. */
  private static final int LOOKED_AT = 100;

  /** A run. */
  record Night(String id, String finished, String verdict, String fingerprint, String precision) {}

  /** A metric over the runs; NaN where a run does not have it. */
  record Series(String task, String filter, String metric, double[] values, double[] stderrs) {}

  /** The run's past; null if there is none, or it measured nothing. */
  static TrendSection of(RunCatalog catalog, RunSection run) {
    if (run == null || run.family() == null || run.finished() == null) {
      return null;
    }
    List<Night> nights = new ArrayList<>();
    for (String id : catalog.latest(LOOKED_AT)) {
      RunSection other = RunSection.of(new RunTables(catalog.run(id), id));
      if (other != null
          && run.family().equals(other.family())
          && (id.equals(run.id()) || FinishedRun.SUCCEEDED.equals(other.status()))
          && other.finished() != null
          && other.finished().compareTo(run.finished()) <= 0) {
        nights.add(
            new Night(
                id, other.finished(), other.verdict(), other.fingerprint(), other.precision()));
      }
    }
    nights.sort(Comparator.comparing(Night::finished).thenComparing(Night::id));
    List<Night> last = nights.subList(Math.max(0, nights.size() - MOST_RUNS), nights.size());
    return last.size() < 2 ? null : section(catalog, last);
  }

  private static TrendSection section(RunCatalog catalog, List<Night> nights) {
    Map<MetricSection.Key, Series> metrics = new LinkedHashMap<>();
    // The newest first: its metrics and their order are those that matter.
    for (int i = nights.size() - 1; i >= 0; i--) {
      String id = nights.get(i).id;
      int at = i;
      new RunTables(catalog.run(id), id)
          .each(
              Table.METRICS,
              row -> {
                Series series =
                    metrics.computeIfAbsent(
                        MetricSection.Key.of(row), key -> empty(key, nights.size()));
                series.values[at] = row.number("value");
                series.stderrs[at] = row.number("stderr");
              });
    }
    if (metrics.isEmpty()) {
      return null;
    }
    List<Series> series = List.copyOf(metrics.values());
    return new TrendSection(
        List.copyOf(nights), Shown.first(series, MOST_SERIES), Shown.omitted(series, MOST_SERIES));
  }

  private static Series empty(MetricSection.Key key, int runs) {
    double[] values = new double[runs];
    Arrays.fill(values, Double.NaN);
    return new Series(key.task(), key.filter(), key.metric(), values, values.clone());
  }
}
