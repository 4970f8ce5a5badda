package io.assay.job.catalog;

import io.assay.datasets.DataException;
import io.assay.datasets.task.OutputType;
import io.assay.datasets.task.TaskCatalog;
import io.assay.datasets.task.TaskSpec;
import io.assay.eval.metric.GroupMetrics;
import io.assay.eval.metric.TaskMetrics;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/** Finds which metric or filter of a task is not computed, and where it stands. */
final class TaskCheck {
  private TaskCheck() {}

  /** What is wrong with the metrics and filters of a task, with its place; empty if nothing is. */
  static Optional<DataException> problem(TaskCatalog.Entry task) {
    TaskSpec spec = task.spec();
    return error(spec)
        .map(
            whole -> {
              boolean texts = spec.outputType() == OutputType.GENERATE_UNTIL;
              // Texts may have filters without metrics, other tasks metrics without filters.
              TaskSpec filters = texts ? spec.withMetrics(List.of()) : spec;
              TaskSpec metrics = texts ? spec : spec.withFilters(List.of());
              Supplier<Optional<DataException>> ofFilters =
                  () ->
                      first(
                          task,
                          "filter_list",
                          spec.filters(),
                          filter -> filters.withFilters(List.of(filter)));
              Supplier<Optional<DataException>> ofMetrics =
                  () ->
                      first(
                          task,
                          "metric_list",
                          spec.metrics(),
                          metric -> metrics.withMetrics(List.of(metric)));
              return (texts ? ofFilters : ofMetrics)
                  .get()
                  .or(texts ? ofMetrics : ofFilters)
                  .orElseGet(() -> placed(task.file().place("task"), whole));
            });
  }

  /** What is wrong with the metrics of groups. */
  static List<DataException> problems(TaskCatalog catalog) {
    List<TaskSpec> specs = catalog.tasks().stream().map(TaskCatalog.Entry::spec).toList();
    List<DataException> problems = new ArrayList<>();
    for (TaskCatalog.Group group : catalog.groups()) {
      try {
        GroupMetrics.check(group.group(), specs);
      } catch (DataException e) {
        problems.add(placed(group.file().place("aggregate_metric_list"), e));
      }
    }
    return problems;
  }

  private static <T> Optional<DataException> first(
      TaskCatalog.Entry task, String key, List<T> parts, Function<T, TaskSpec> alone) {
    for (int i = 0; i < parts.size(); i++) {
      String place = task.file().place(key + "[" + i + "]");
      Optional<DataException> error = error(alone.apply(parts.get(i)));
      if (error.isPresent()) {
        return error.map(e -> placed(place, e));
      }
    }
    return Optional.empty();
  }

  private static Optional<DataException> error(TaskSpec spec) {
    try {
      TaskMetrics.check(spec);
      return Optional.empty();
    } catch (DataException e) {
      return Optional.of(e);
    }
  }

  private static DataException placed(String place, DataException e) {
    // Without the cause: the innermost exception is the one that is shown.
    return new DataException(e.code(), place + ": " + e.getMessage());
  }
}
