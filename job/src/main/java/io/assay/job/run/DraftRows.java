package io.assay.job.run;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.sum;

import io.assay.engine.config.ExpectedTensor.Part;
import io.assay.engine.config.ModelConfig;
import io.assay.engine.inspect.ModelInspection;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;

/** Rows of {@code mtp} and {@code mtp_acceptance} from the drafts of generations. */
final class DraftRows {
  private DraftRows() {}

  /**
   * Rows of {@code mtp}.
   *
   * @param samples rows of {@link RawRows#SAMPLE}
   */
  static List<Row> byDepth(Dataset<Row> samples, ModelConfig config) {
    double cost = draftCost(ModelInspection.of(config), config.mtpModules());
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
            row -> {
              double perStep = (double) row.getLong(4) / row.getLong(5);
              return RowFactory.create(
                  row.getInt(1) + 1,
                  row.getString(0),
                  row.getLong(2),
                  row.getLong(3),
                  perStep,
                  null,
                  row.getLong(2) == 0 ? null : (double) row.getLong(3) / row.getLong(2),
                  cost,
                  perStep / (1 + cost));
            })
        .toList();
  }

  /** Weights a step's drafts read, over those of the main model's pass; both use the head. */
  static double draftCost(ModelInspection model, int modules) {
    long head = model.main().parts().getOrDefault(Part.HEAD, 0L);
    return (double) (model.mtp().active() + modules * head) / model.main().active();
  }

  /** Rows of {@code mtp_acceptance}. */
  static List<Row> byPosition(Dataset<Row> drafts) {
    return drafts
        .groupBy("depth", "domain", "position")
        .agg(sum("proposed"), sum("accepted"))
        .orderBy("depth", "domain", "position")
        .collectAsList()
        .stream()
        .map(
            row ->
                RowFactory.create(
                    row.getInt(0),
                    row.getString(1),
                    row.getInt(2),
                    row.getLong(3),
                    row.getLong(4),
                    (double) row.getLong(4) / row.getLong(3)))
        .toList();
  }
}
