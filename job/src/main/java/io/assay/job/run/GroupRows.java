package io.assay.job.run;

import io.assay.datasets.task.TaskGroup;
import io.assay.datasets.task.TaskSpec;
import io.assay.eval.metric.GroupMetrics;
import io.assay.eval.metric.MetricValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.spark.sql.Row;

/** Rows of {@code metrics} of groups of tasks. */
final class GroupRows {
  /** Where the tasks of a group do not agree. */
  private static final int DIFFERENT_SHOTS = -1;

  private static final String DIFFERENT_MODES = "mixed";

  private GroupRows() {}

  /**
   * @param values of all tasks
   * @return rows whose task is the group's name; {@code num_fewshot} -1 and {@code fewshot} mixed
   *     where its tasks differ
   */
  static List<Row> of(Workload work, List<MetricValue> values) {
    List<Row> rows = new ArrayList<>();
    for (TaskGroup group : work.groups()) {
      List<TaskSpec> specs =
          work.tasks().stream()
              .map(Workload.TaskWork::spec)
              .filter(spec -> group.tasks().contains(spec.name()))
              .toList();
      Set<Integer> shots = specs.stream().map(TaskSpec::numFewshot).collect(Collectors.toSet());
      Set<String> modes = specs.stream().map(TaskSpec::fewshotMode).collect(Collectors.toSet());
      for (MetricValue value : GroupMetrics.of(group, values)) {
        rows.add(
            Aggregates.metric(
                group.name(),
                group.version(),
                value.filter(),
                value.metric(),
                value.value(),
                value.stderr(),
                value.n(),
                shots.size() == 1 ? shots.iterator().next() : DIFFERENT_SHOTS,
                modes.size() == 1 ? modes.iterator().next() : DIFFERENT_MODES));
      }
    }
    return rows;
  }
}
