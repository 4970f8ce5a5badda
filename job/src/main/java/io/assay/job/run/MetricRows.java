package io.assay.job.run;

import io.assay.datasets.task.TaskSpec;
import io.assay.eval.metric.Answer;
import io.assay.eval.metric.Measure;
import io.assay.eval.metric.MetricValue;
import io.assay.eval.metric.SampleScore;
import io.assay.eval.metric.TaskMetrics;
import io.assay.eval.request.RejectedRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;

/** Rows of {@code metrics}: functions of the rows of {@code samples}. */
final class MetricRows {
  private MetricRows() {}

  /**
   * @param rows rows of {@code metrics}
   * @param values the same as values
   * @param scores of the documents
   * @param rejected documents that were answered and cannot be judged
   */
  record Metrics(
      List<Row> rows,
      List<MetricValue> values,
      List<SampleScore> scores,
      List<RejectedRequest> rejected) {}

  /** Rows of {@code metrics} of one task. */
  static Metrics of(Workload.TaskWork task, Dataset<Row> samples, Set<String> failed) {
    TaskSpec spec = task.spec();
    List<Answer> answers =
        SampleRows.of(samples, spec.name()).collectAsList().stream()
            .map(
                row ->
                    new Answer(
                        row.getString(0),
                        row.getInt(1),
                        row.getInt(2),
                        row.isNullAt(3) ? Double.NaN : row.getDouble(3),
                        row.getInt(4),
                        !row.isNullAt(5) && row.getBoolean(5),
                        row.getString(6)))
            .toList();
    TaskMetrics.Report report = TaskMetrics.of(spec, task.items(), answers, failed);
    Map<String, Measure> measures = TaskMetrics.measures(spec);
    List<Row> rows = new ArrayList<>();
    for (MetricValue value : report.values()) {
      rows.add(
          row(
              value,
              spec.version(),
              spec.numFewshot(),
              spec.fewshotMode(),
              measures.get(value.metric())));
    }
    return new Metrics(rows, report.values(), report.scores(), report.rejected());
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
