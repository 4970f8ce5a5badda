package io.assay.job.run;

import static org.apache.spark.sql.functions.sum;

import io.assay.job.answer.RawRows;
import io.assay.job.plan.WorkCost;
import io.assay.job.request.PlacedSlice;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;

/** Rows of the table about the work itself, {@code throughput}. */
final class WorkRows {
  private WorkRows() {}

  /** What stands for executor and device where answers of an earlier run were used. */
  static final String STORE = "store";

  /**
   * Rows of {@code throughput}.
   *
   * @param raw of this run's own answers
   * @param stored slices whose answers were there already
   */
  static List<Row> throughput(Dataset<Row> raw, List<PlacedSlice> stored) {
    List<Row> rows = new ArrayList<>(answered(raw));
    WorkCost scoring = WorkCost.NONE;
    long generations = 0;
    for (PlacedSlice placed : stored) {
      scoring = scoring.plus(placed.slice().cost());
      generations += placed.slice().cost().generations();
    }
    if (scoring.scoringRequests() > 0) {
      rows.add(
          RowFactory.create(
              STORE, STORE, "score", scoring.scoringRequests(), scoring.submitted(), 0L, 0.0));
    }
    if (generations > 0) {
      rows.add(RowFactory.create(STORE, STORE, "generate", generations, 0L, 0L, 0.0));
    }
    return rows;
  }

  private static List<Row> answered(Dataset<Row> raw) {
    return RawRows.WORK
        .of(raw)
        .groupBy("executor", "device", "phase")
        .agg(sum("requests"), sum("tokens_submitted"), sum("tokens_computed"), sum("seconds"))
        .orderBy("executor", "device", "phase")
        .collectAsList();
  }
}
