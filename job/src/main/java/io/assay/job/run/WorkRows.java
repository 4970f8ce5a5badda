package io.assay.job.run;

import io.assay.job.answer.RawRows;
import static org.apache.spark.sql.functions.sum;

import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Rows of the table about the work itself, {@code throughput}. */
final class WorkRows {
  private WorkRows() {}

  /** Rows of {@code throughput}. */
  static List<Row> throughput(Dataset<Row> raw) {
    return RawRows.WORK
        .of(raw)
        .groupBy("executor", "device", "phase")
        .agg(sum("requests"), sum("tokens_submitted"), sum("tokens_computed"), sum("seconds"))
        .orderBy("executor", "device", "phase")
        .collectAsList();
  }
}
