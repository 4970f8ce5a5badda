package io.assay.job.run;

import io.assay.eval.comparison.Verdict;
import io.assay.job.gate.GateResult;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;

/** Rows of {@code gates}. */
final class GateRows {
  private GateRows() {}

  static List<Row> of(List<GateResult> gates) {
    return gates.stream().map(GateRows::row).toList();
  }

  private static Row row(GateResult gate) {
    return RowFactory.create(
        gate.baselineRunId(),
        gate.task(),
        gate.metric(),
        gate.value(),
        gate.baseline(),
        gate.delta(),
        gate.ciLow(),
        gate.ciHigh(),
        gate.pValue(),
        gate.verdict().label(),
        gate.filter(),
        gate.pAdjusted(),
        gate.detectable(),
        gate.documents(),
        gate.unpaired(),
        gate.clusters(),
        gate.test(),
        gate.rule(),
        gate.alpha(),
        gate.message());
  }

  /** What rows say. */
  static List<GateResult> read(List<Row> rows) {
    return rows.stream().map(GateRows::read).toList();
  }

  private static GateResult read(Row row) {
    return new GateResult(
        Verdict.of(row.getAs("verdict")),
        row.getAs("baseline_run_id"),
        row.getAs("task"),
        row.getAs("filter"),
        row.getAs("metric"),
        row.getAs("value"),
        row.getAs("baseline"),
        row.getAs("delta"),
        row.getAs("ci_low"),
        row.getAs("ci_high"),
        row.getAs("p_value"),
        row.getAs("p_adjusted"),
        row.getAs("detectable"),
        row.getAs("documents"),
        row.getAs("unpaired"),
        row.getAs("clusters"),
        row.getAs("test"),
        row.getAs("rule"),
        row.<Double>getAs("alpha"),
        row.getAs("message"));
  }
}
