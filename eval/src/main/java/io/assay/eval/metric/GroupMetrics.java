package io.assay.eval.metric;

import io.assay.datasets.DataErrorCode;
import io.assay.datasets.DataException;
import io.assay.datasets.task.TaskGroup;
import io.assay.datasets.task.TaskSpec;
import io.assay.eval.filter.ResponseFilters;
import io.assay.eval.statistics.PooledEstimate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Metrics of groups from those of their tasks: {@code lm_eval/api/group.py} of 0.4.13. */
public final class GroupMetrics {
  private static final Logger LOG = LoggerFactory.getLogger(GroupMetrics.class);

  private GroupMetrics() {}

  /**
   * Refuses, before anything is computed, a group with a metric that none of its tasks has.
   *
   * @param tasks all tasks of the run
   * @throws DataException {@code TASK_INVALID} naming group, metric and filter
   */
  public static void check(TaskGroup group, List<TaskSpec> tasks) {
    Set<String> computed = new TreeSet<>();
    for (TaskSpec task : tasks) {
      if (group.tasks().contains(task.name())) {
        MetricPlan plan = MetricPlan.of(task);
        for (ResponseFilters filter : plan.filters()) {
          plan.metrics().forEach(metric -> computed.add(key(metric.label(), filter.name())));
        }
      }
    }
    for (TaskGroup.Aggregate aggregate : group.aggregates()) {
      List<String> wanted =
          aggregate.filters().isEmpty()
              ? List.of(key(aggregate.metric(), ""))
              : aggregate.filters().stream().map(f -> key(aggregate.metric(), f)).toList();
      for (String key : wanted) {
        if (computed.stream()
            .noneMatch(k -> aggregate.filters().isEmpty() ? k.startsWith(key) : k.equals(key))) {
          throw new DataException(
              DataErrorCode.TASK_INVALID,
              "group '%s' aggregates '%s', its tasks compute %s; correct aggregate_metric_list"
                  .formatted(group.name(), key, computed));
        }
      }
    }
  }

  /**
   * One value for each aggregate and filter, in the order of the group file. A task without the
   * metric is left out, with a warning.
   *
   * @param tasks values of all tasks of the run
   * @return values under the group's name, whose n is the number of documents of the tasks that
   *     have the metric; the standard error is NaN unless every one of them has one
   */
  public static List<MetricValue> of(TaskGroup group, List<MetricValue> tasks) {
    List<MetricValue> values = new ArrayList<>();
    for (TaskGroup.Aggregate aggregate : group.aggregates()) {
      Set<String> filters = new TreeSet<>(aggregate.filters());
      if (filters.isEmpty()) {
        tasks.stream()
            .filter(value -> group.tasks().contains(value.task()))
            .filter(value -> value.metric().equals(aggregate.metric()))
            .forEach(value -> filters.add(value.filter()));
      }
      List<String> order =
          aggregate.filters().isEmpty() ? List.copyOf(filters) : aggregate.filters();
      for (String filter : order) {
        values.add(value(group, aggregate, filter, tasks));
      }
    }
    return values;
  }

  private static MetricValue value(
      TaskGroup group, TaskGroup.Aggregate aggregate, String filter, List<MetricValue> tasks) {
    Map<String, MetricValue> byTask = new LinkedHashMap<>();
    Map<String, Long> sizes = new LinkedHashMap<>();
    for (MetricValue value : tasks) {
      // The harness weights a task by the documents of its fullest metric.
      sizes.merge(value.task(), value.n(), Math::max);
      if (value.metric().equals(aggregate.metric()) && value.filter().equals(filter)) {
        byTask.put(value.task(), value);
      }
    }
    List<PooledEstimate.Part> parts = new ArrayList<>();
    List<String> missing = new ArrayList<>();
    for (String task : group.tasks()) {
      MetricValue value = byTask.get(task);
      if (value == null) {
        missing.add(task);
      } else {
        parts.add(new PooledEstimate.Part(value.value(), value.stderr(), sizes.get(task)));
      }
    }
    if (!missing.isEmpty()) {
      LOG.warn(
          "Group {}: metric {} is missing in {} of {} tasks and is aggregated without them: {}",
          group.name(),
          key(aggregate.metric(), filter),
          missing.size(),
          group.tasks().size(),
          missing);
    }
    PooledEstimate pooled = PooledEstimate.of(parts, aggregate.weightBySize());
    return new MetricValue(
        group.name(),
        filter,
        aggregate.metric(),
        pooled.value(),
        pooled.stderr(),
        pooled.documents());
  }

  private static String key(String metric, String filter) {
    return metric + "," + filter;
  }
}
