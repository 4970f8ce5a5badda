package io.assay.job.run;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.sum;

import io.assay.eval.routing.ExpertCount;
import io.assay.eval.routing.ExpertLoad;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;

/** Routing counts of a run, and the rows of {@code expert_load} made of them. */
final class ExpertLoadRows {
  private ExpertLoadRows() {}

  /** Routing counts of the whole run. */
  static List<ExpertCount> counts(Dataset<Row> raw) {
    return raw
        .filter(col("load").isNotNull())
        .select("load.*")
        .groupBy("layer", "expert", "domain", "phase")
        .agg(sum("tokens"), sum("weight_units"), sum("group_firsts"), sum("by_bias"))
        .collectAsList()
        .stream()
        .map(
            row ->
                new ExpertCount(
                    row.getInt(0),
                    row.getInt(1),
                    row.getString(2),
                    row.getString(3),
                    row.getLong(4),
                    row.getLong(5),
                    row.getLong(6),
                    row.getLong(7)))
        .toList();
  }

  /** Rows of {@code expert_load}. */
  static List<Row> of(List<ExpertCount> counts) {
    return ExpertLoad.of(counts).stream()
        .map(
            load ->
                RowFactory.create(
                    load.layer(),
                    load.expert(),
                    load.domain(),
                    load.phase(),
                    load.tokens(),
                    load.weightSum(),
                    load.relativeLoad()))
        .toList();
  }
}
