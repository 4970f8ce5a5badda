package io.assay.job.run;

import io.assay.datasets.task.TaskGroup;
import io.assay.datasets.task.TaskSpec;
import io.assay.eval.metric.GroupMetrics;
import io.assay.eval.metric.MetricValue;
import io.assay.eval.request.RejectionCode;
import io.assay.job.request.Failed;
import io.assay.job.request.Sources;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.apache.spark.sql.Row;

/** Rows of {@code metrics} of groups of tasks. */
final class GroupRows {
  /** Where the tasks of a group do not agree. */
  static final int DIFFERENT_SHOTS = -1;

  private static final String DIFFERENT_MODES = "mixed";

  private GroupRows() {}

  /**
   * @param values of all tasks
   * @param failures hears of values that cannot be had because a task has none
   * @return rows whose task is the group's name; {@code num_fewshot} -1 and {@code fewshot} mixed
   *     where its tasks differ
   */
  static List<Row> of(Sources sources, List<MetricValue> values, Consumer<Failed> failures) {
    List<Row> rows = new ArrayList<>();
    for (TaskGroup group : sources.groups()) {
      List<TaskSpec> specs =
          sources.tasks().stream().filter(spec -> group.tasks().contains(spec.name())).toList();
      Set<Integer> shots = specs.stream().map(TaskSpec::numFewshot).collect(Collectors.toSet());
      Set<String> modes = specs.stream().map(TaskSpec::fewshotMode).collect(Collectors.toSet());
      for (MetricValue value : GroupMetrics.of(group, values)) {
        if (Double.isNaN(value.value())) {
          failures.accept(unknown(group, value, values));
        }
        rows.add(
            MetricRows.row(
                value,
                group.version(),
                shots.size() == 1 ? shots.iterator().next() : DIFFERENT_SHOTS,
                modes.size() == 1 ? modes.iterator().next() : DIFFERENT_MODES,
                /* measure= */ null));
      }
    }
    return rows;
  }

  private static Failed unknown(TaskGroup group, MetricValue value, List<MetricValue> values) {
    List<String> empty =
        values.stream()
            .filter(v -> group.tasks().contains(v.task()) && v.n() == 0)
            .filter(v -> v.metric().equals(value.metric()) && v.filter().equals(value.filter()))
            .map(MetricValue::task)
            .toList();
    return new Failed(
        group.name(),
        value.metric() + "," + value.filter(),
        RejectionCode.METRIC_UNDEFINED.name(),
        "the group has no value because no document of %s could be judged; correct what failed there"
            .formatted(String.join(", ", empty)));
  }
}
