package io.assay.datasets.task;

import java.io.Serializable;
import java.util.Collections;
import java.util.List;

/**
 * Tasks whose metrics become one: a {@code group} file, or a group written inside another.
 *
 * @param name {@code group}; {@code outer::inner} for one written inside another
 * @param version {@code metadata.version}, "N/A" if absent
 * @param tasks names of its tasks and of those of nested groups, each once
 * @param aggregates what is computed over them; none if the group only selects tasks
 */
public record TaskGroup(String name, String version, List<String> tasks, List<Aggregate> aggregates)
    implements Serializable {

  /**
   * The mean of a metric over tasks.
   *
   * @param metric name of the value in the tasks' metrics
   * @param filters chains to do it for; empty for all that the tasks have
   * @param weightBySize whether a task counts by its documents, or every task the same
   */
  public record Aggregate(String metric, List<String> filters, boolean weightBySize)
      implements Serializable {

    /** Whether both would make a value of the same metric and filter. */
    boolean overlaps(Aggregate other) {
      return metric.equals(other.metric)
          && (filters.isEmpty()
              || other.filters.isEmpty()
              || !Collections.disjoint(filters, other.filters));
    }
  }
}
