package io.assay.eval.metric;

import io.assay.datasets.DataErrorCode;
import io.assay.datasets.DataException;
import io.assay.datasets.task.OutputType;
import io.assay.datasets.task.TaskSpec;
import io.assay.datasets.task.TaskSpec.FilterChain;
import io.assay.datasets.task.TaskSpec.FilterStep;
import io.assay.datasets.task.TaskSpec.Metric;
import io.assay.eval.filter.ResponseFilters;
import io.assay.eval.statistics.Aggregation;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * A task's metrics and filters, checked and compiled.
 *
 * @param filters chains, at least one
 * @param metrics none if the task only collects answers
 */
record MetricPlan(List<ResponseFilters> filters, List<Planned> metrics) implements Serializable {

  /**
   * @param kind what is computed
   * @param label name of the value in tables
   * @param aggregation of the documents' values
   * @param onTexts what judges generated texts, null for other tasks
   * @param higherIsBetter its direction
   */
  record Planned(
      MetricKind kind,
      String label,
      Aggregation aggregation,
      TextMetric onTexts,
      boolean higherIsBetter)
      implements Serializable {}

  /** The harness's name for answers without a score. */
  private static final String BYPASS = "bypass";

  /** What the harness does with a task that names no filters. */
  private static final FilterChain NONE =
      new FilterChain("none", List.of(new FilterStep("take_first", Map.of())));

  /**
   * @throws DataException {@code TASK_INVALID} naming the task and what is not supported
   */
  static MetricPlan of(TaskSpec spec) {
    List<Planned> metrics = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (Metric metric : spec.metrics()) {
      if (!names.add(metric.name())) {
        throw invalid(spec, "metric '%s' is listed twice; remove one".formatted(metric.name()));
      }
      if (!metric.name().equals(BYPASS)) {
        metrics.addAll(planned(spec, metric));
      }
    }
    // Programs, say, are judged elsewhere: their texts are kept in the samples.
    if (spec.metrics().isEmpty() && spec.outputType() != OutputType.GENERATE_UNTIL) {
      throw invalid(spec, "metric_list is empty; name at least one metric");
    }
    List<ResponseFilters> filters = filters(spec);
    if (spec.outputType() == OutputType.GENERATE_UNTIL) {
      filters.forEach(filter -> checkResponses(spec, filter, metrics));
    }
    return new MetricPlan(filters, metrics);
  }

  /** A metric of several responses cannot be had of a chain that leaves one. */
  private static void checkResponses(TaskSpec spec, ResponseFilters filter, List<Planned> metrics) {
    int responses = filter.count(Math.max(1, spec.generation().repeats()));
    for (Planned metric : metrics) {
      if (metric.onTexts().fewestResponses() > responses) {
        throw invalid(
            spec,
            "metric '%s' needs %d responses to a document, the filter '%s' leaves %d; raise repeats or leave take_first out"
                .formatted(
                    metric.label(), metric.onTexts().fewestResponses(), filter.name(), responses));
      }
      if (metric.onTexts().mostResponses() < responses) {
        throw invalid(
            spec,
            "metric '%s' needs one response to a document, the filter '%s' leaves %d; end it with take_first"
                .formatted(metric.label(), filter.name(), responses));
      }
    }
  }

  private static List<ResponseFilters> filters(TaskSpec spec) {
    List<FilterChain> chains = spec.filters().isEmpty() ? List.of(NONE) : spec.filters();
    Set<String> names = new HashSet<>();
    List<ResponseFilters> filters = new ArrayList<>();
    for (FilterChain chain : chains) {
      if (!names.add(chain.name())) {
        throw invalid(spec, "filter '%s' is defined twice; rename one".formatted(chain.name()));
      }
      if (spec.outputType() != OutputType.GENERATE_UNTIL) {
        for (FilterStep step : chain.steps()) {
          if (!step.function().equals("take_first")) {
            throw invalid(
                spec,
                "filter '%s' changes texts with '%s', but %s has none; remove it"
                    .formatted(chain.name(), step.function(), label(spec)));
          }
        }
      }
      try {
        filters.add(ResponseFilters.compile(chain));
      } catch (DataException e) {
        throw new DataException(
            e.code(), "task '%s': %s".formatted(spec.name(), e.getMessage()), e);
      }
    }
    return List.copyOf(filters);
  }

  private static List<Planned> planned(TaskSpec spec, Metric metric) {
    MetricKind kind =
        MetricKind.named(metric.name(), spec.outputType())
            .orElseThrow(
                () ->
                    invalid(
                        spec,
                        "metric '%s' is not computed for %s; use %s"
                            .formatted(
                                metric.name(),
                                label(spec),
                                MetricKind.definedFor(spec.outputType()).stream()
                                    .map(MetricKind::label)
                                    .collect(Collectors.joining(", ")))));
    Aggregation aggregation = aggregation(spec, metric, kind);
    if (spec.outputType() == OutputType.GENERATE_UNTIL) {
      List<Planned> planned = new ArrayList<>();
      new TextMetricOptions(spec.name(), metric)
          .read(kind)
          .forEach(
              (name, onTexts) ->
                  planned.add(
                      new Planned(kind, name, aggregation, onTexts, metric.higherIsBetter())));
      return planned;
    }
    if (!metric.options().isEmpty()) {
      throw invalid(
          spec,
          "metric '%s' has no option %s; remove it"
              .formatted(metric.name(), new TreeSet<>(metric.options().keySet())));
    }
    return List.of(
        new Planned(kind, kind.label(), aggregation, /* onTexts= */ null, metric.higherIsBetter()));
  }

  private static Aggregation aggregation(TaskSpec spec, Metric metric, MetricKind kind) {
    if (metric.aggregation() == null || metric.aggregation().isEmpty()) {
      return kind.aggregation();
    }
    Aggregation aggregation =
        Aggregation.named(metric.aggregation())
            .orElseThrow(
                () ->
                    invalid(
                        spec,
                        "metric '%s': aggregation '%s' is not computed; use '%s'"
                            .formatted(
                                metric.name(), metric.aggregation(), kind.aggregation().label())));
    if (!aggregation.takesValuesOf(kind.aggregation())) {
      throw invalid(
          spec,
          "metric '%s' cannot be aggregated by '%s'; use '%s'"
              .formatted(metric.name(), aggregation.label(), kind.aggregation().label()));
    }
    return aggregation;
  }

  private static String label(TaskSpec spec) {
    return spec.outputType().name().toLowerCase(Locale.ROOT);
  }

  private static DataException invalid(TaskSpec spec, String what) {
    return new DataException(
        DataErrorCode.TASK_INVALID, "task '%s': %s".formatted(spec.name(), what));
  }
}
