package io.assay.job.report;

import io.assay.job.table.RunTables;
import io.assay.job.table.Table;
import io.assay.job.table.TableRow;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Verdicts on the metrics, in the order of the table: the worst first.
 *
 * @param baseline run compared with, null if there was none
 * @param verdicts how many rows have each
 * @param omitted rows that are not on the page
 */
record GateSection(
    String baseline, double alpha, Map<String, Long> verdicts, List<Gate> rows, int omitted) {
  private static final int MOST = 500;

  /** A row of {@code gates}; NaN for null. */
  record Gate(
      String task,
      String filter,
      String metric,
      String verdict,
      double value,
      double baseline,
      double delta,
      double low,
      double high,
      double p,
      double detectable,
      Long documents,
      Long unpaired,
      String test,
      String rule,
      String message) {}

  /** The run's gates; null if it had none. */
  static GateSection of(RunTables tables) {
    List<Gate> rows = new ArrayList<>();
    Set<String> baselines = new TreeSet<>();
    double[] alpha = new double[1];
    tables.each(
        Table.GATES,
        row -> {
          rows.add(gate(row));
          alpha[0] = row.number("alpha");
          if (row.text("baseline_run_id") != null) {
            baselines.add(row.text("baseline_run_id"));
          }
        });
    if (rows.isEmpty()) {
      return null;
    }
    return new GateSection(
        baselines.stream().findFirst().orElse(null),
        alpha[0],
        rows.stream()
            .collect(Collectors.groupingBy(Gate::verdict, TreeMap::new, Collectors.counting())),
        Shown.first(rows, MOST),
        Shown.omitted(rows, MOST));
  }

  private static Gate gate(TableRow row) {
    return new Gate(
        row.text("task"),
        row.text("filter"),
        row.text("metric"),
        row.text("verdict"),
        row.number("value"),
        row.number("baseline"),
        row.number("delta"),
        row.number("ci_low"),
        row.number("ci_high"),
        row.number("p_adjusted"),
        row.number("detectable"),
        row.count("documents"),
        row.count("unpaired"),
        row.text("test"),
        row.text("rule"),
        row.text("message"));
  }
}
