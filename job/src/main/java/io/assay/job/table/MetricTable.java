package io.assay.job.table;

import io.assay.job.InputException;
import java.util.ArrayList;
import java.util.List;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.filter2.compat.FilterCompat;

/** Reads the metrics of a run's tasks and corpora, without Spark. */
public final class MetricTable {
  private static final String REMEDY =
      "it did not end, or an earlier version made it; run it again";

  /**
   * What identifies a metric of a run.
   *
   * @param task task name, or {@code corpus:<name>}
   * @param filter filter chain
   */
  public record Key(String task, String filter, String metric) {}

  /**
   * A row.
   *
   * @param version {@code metadata.version} of the task
   * @param value NaN if no document could be judged
   * @param aggregation its label
   * @param fewshot how examples were chosen
   */
  public record Metric(
      Key key,
      String version,
      double value,
      String aggregation,
      boolean higherIsBetter,
      int numFewshot,
      String fewshot) {}

  private MetricTable() {}

  /**
   * All rows but those of groups, in their order.
   *
   * @param id the run, for messages
   * @throws InputException if the table is not there or cannot be read
   */
  public static List<Metric> read(RunFolders run, String id) {
    List<Metric> metrics = new ArrayList<>();
    TableReader.read(
        run,
        id,
        Table.METRICS,
        REMEDY,
        FilterCompat.NOOP,
        row -> {
          if (!row.getType().containsField("aggregation")) {
            throw new InputException(
                "run %s does not say how its metrics are aggregated; %s".formatted(id, REMEDY));
          }
          if (row.getFieldRepetitionCount("aggregation") > 0) {
            metrics.add(metric(row));
          }
        });
    return metrics;
  }

  private static Metric metric(Group row) {
    return new Metric(
        new Key(row.getString("task", 0), row.getString("filter", 0), row.getString("metric", 0)),
        row.getString("task_version", 0),
        row.getDouble("value", 0),
        row.getString("aggregation", 0),
        row.getBoolean("higher_is_better", 0),
        row.getInteger("num_fewshot", 0),
        row.getString("fewshot", 0));
  }
}
