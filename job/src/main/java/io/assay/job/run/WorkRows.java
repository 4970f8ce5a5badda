package io.assay.job.run;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.sum;

import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;

/** Rows of tables about the work itself: {@code mtp} and {@code throughput}. */
final class WorkRows {
  private WorkRows() {}

  /** Rows of {@code mtp} from the drafts of generations. */
  static List<Row> mtp(Dataset<Row> samples) {
    return samples
        .filter("size(proposed) > 0")
        .selectExpr(
            "domain",
            "posexplode(arrays_zip(proposed, accepted)) as (position, draft)",
            "num_tokens",
            "main_steps")
        .groupBy("domain", "position")
        .agg(
            sum("draft.proposed"),
            sum("draft.accepted"),
            sum(col("num_tokens").minus(1)),
            sum("main_steps"))
        .orderBy("domain", "position")
        .collectAsList()
        .stream()
        .filter(row -> row.getLong(5) > 0)
        .map(
            row ->
                RowFactory.create(
                    row.getInt(1) + 1,
                    row.getString(0),
                    row.getLong(2),
                    row.getLong(3),
                    (double) row.getLong(4) / row.getLong(5),
                    null))
        .toList();
  }

  /** Rows of {@code throughput}. */
  static List<Row> throughput(Dataset<Row> raw) {
    return raw.filter(col("work").isNotNull())
        .select("work.*")
        .groupBy("executor", "device", "phase")
        .agg(sum("requests"), sum("tokens_submitted"), sum("tokens_computed"), sum("seconds"))
        .orderBy("executor", "device", "phase")
        .collectAsList();
  }
}
