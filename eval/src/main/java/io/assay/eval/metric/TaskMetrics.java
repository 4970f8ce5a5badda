package io.assay.eval.metric;

import io.assay.datasets.task.TaskItem;
import io.assay.datasets.task.TaskSpec;
import io.assay.eval.filter.ResponseFilters;
import io.assay.eval.request.RejectedRequest;
import io.assay.eval.request.RejectionCode;
import io.assay.eval.statistics.ScoreAggregator;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;

/** The metrics of a task, from documents and answers. */
public final class TaskMetrics {
  private TaskMetrics() {}

  /**
   * What became of a task.
   *
   * @param values one for each filter and metric, in the order of the task file
   * @param scores of the documents
   * @param rejected documents that could not be judged and are in no value
   */
  public record Report(
      List<MetricValue> values, List<SampleScore> scores, List<RejectedRequest> rejected)
      implements Serializable {}

  /**
   * Refuses, before anything is computed, a task whose metrics, aggregations or filters are not
   * supported.
   *
   * @throws io.assay.datasets.DataException {@code TASK_INVALID} naming what is not
   */
  public static void check(TaskSpec spec) {
    MetricPlan.of(spec);
  }

  /** How values of a task's metrics compare, by metric. */
  public static Map<String, Measure> measures(TaskSpec spec) {
    Map<String, Measure> measures = new LinkedHashMap<>();
    MetricPlan.of(spec)
        .metrics()
        .forEach(
            metric ->
                measures.put(
                    metric.label(), new Measure(metric.aggregation(), metric.higherIsBetter())));
    return measures;
  }

  /**
   * Filters and metrics of a task, in the order of their values.
   *
   * @param metric called with the names of a filter and a metric
   */
  public static void names(TaskSpec spec, BiConsumer<String, String> metric) {
    MetricPlan plan = MetricPlan.of(spec);
    for (ResponseFilters filter : plan.filters()) {
      plan.metrics().forEach(planned -> metric.accept(filter.name(), planned.label()));
    }
  }

  /**
   * Metrics of a whole task.
   *
   * @param items its documents
   * @param answers to their requests, in any order
   * @param failed ids of documents of which a request failed; they are left out without a further
   *     rejection
   */
  public static Report of(
      TaskSpec spec, List<TaskItem> items, List<Answer> answers, Set<String> failed) {
    DocumentScorer scorer = new DocumentScorer(spec);
    Map<String, List<Answer>> byDocument = new HashMap<>();
    for (Answer answer : answers) {
      byDocument.computeIfAbsent(answer.docId(), id -> new ArrayList<>()).add(answer);
    }
    Map<String, Integer> documents = new HashMap<>();
    items.forEach(item -> documents.merge(item.docId(), 1, Integer::sum));
    List<SampleScore> scores = new ArrayList<>();
    List<RejectedRequest> rejected = new ArrayList<>();
    for (TaskItem item : items) {
      if (failed.contains(item.docId())) {
        continue;
      }
      if (documents.get(item.docId()) > 1) {
        rejected.add(
            new RejectedRequest(
                spec.name(),
                item.docId(),
                RejectionCode.DUPLICATE_DOCUMENT,
                "%d documents have this id; give each its own"
                    .formatted(documents.get(item.docId()))));
        continue;
      }
      scores.addAll(
          scorer.score(item, byDocument.getOrDefault(item.docId(), List.of()), rejected::add));
    }
    return new Report(aggregate(spec, scores), scores, rejected);
  }

  /**
   * Aggregates scores of documents, from whatever partitions, in whatever order; the same bits for
   * every order.
   *
   * @return one value for each filter and metric of the task; NaN with n = 0 where nothing was
   *     scored
   */
  public static List<MetricValue> aggregate(TaskSpec spec, Iterable<SampleScore> scores) {
    MetricPlan plan = MetricPlan.of(spec);
    record Key(String filter, String metric) {}
    Map<Key, ScoreAggregator> aggregators = new LinkedHashMap<>();
    for (ResponseFilters filter : plan.filters()) {
      for (MetricPlan.Planned metric : plan.metrics()) {
        aggregators.put(
            new Key(filter.name(), metric.label()), new ScoreAggregator(metric.aggregation()));
      }
    }
    for (SampleScore score : scores) {
      ScoreAggregator aggregator = aggregators.get(new Key(score.filter(), score.metric()));
      if (aggregator != null && score.task().equals(spec.name())) {
        aggregator.add(score.docIndex(), score.docId(), score.cluster(), score.statistics());
      }
    }
    List<MetricValue> values = new ArrayList<>();
    aggregators.forEach(
        (key, aggregator) -> {
          ScoreAggregator.Estimate estimate = aggregator.finish();
          values.add(
              new MetricValue(
                  spec.name(),
                  key.filter(),
                  key.metric(),
                  estimate.value(),
                  estimate.stderr(),
                  estimate.documents(),
                  estimate.clusters()));
        });
    return values;
  }
}
