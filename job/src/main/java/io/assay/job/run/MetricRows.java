package io.assay.job.run;

import io.assay.datasets.task.TaskSpec;
import io.assay.eval.metric.Measure;
import io.assay.eval.metric.MetricValue;
import io.assay.eval.metric.TaskMetrics;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;

/** Rows of {@code metrics}: functions of the rows of {@code samples}. */
final class MetricRows {
  private MetricRows() {}

  /** Rows of {@code metrics} of tasks. */
  static List<Row> of(List<TaskSpec> tasks, List<MetricValue> values) {
    Map<String, TaskSpec> specs = new HashMap<>();
    tasks.forEach(spec -> specs.put(spec.name(), spec));
    return values.stream()
        .map(
            value -> {
              TaskSpec spec = specs.get(value.task());
              return row(
                  value,
                  spec.version(),
                  spec.numFewshot(),
                  spec.fewshotMode(),
                  TaskMetrics.measures(spec).get(value.metric()));
            })
        .toList();
  }

  /**
   * A row of {@code metrics}.
   *
   * @param measure how values are compared, null for those of groups
   */
  static Row row(
      MetricValue value, String version, int numFewshot, String fewshot, Measure measure) {
    return RowFactory.create(
        value.task(),
        version,
        value.filter(),
        value.metric(),
        value.value(),
        nullIfNaN(value.stderr()),
        value.n(),
        numFewshot,
        fewshot,
        value.clusters() == 0 ? null : value.clusters(),
        measure == null ? null : measure.aggregation().label(),
        measure == null ? null : measure.higherIsBetter());
  }

  /** A standard error as tables have it. */
  static Double nullIfNaN(double value) {
    return Double.isNaN(value) ? null : value;
  }
}
