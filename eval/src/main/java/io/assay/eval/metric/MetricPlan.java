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
import io.assay.eval.text.PythonRegex;
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
 * @param metrics at least one
 */
record MetricPlan(List<ResponseFilters> filters, List<Planned> metrics) implements Serializable {

  private static final Set<String> EXACT_MATCH_OPTIONS =
      Set.of("regexes_to_ignore", "ignore_case", "ignore_punctuation", "ignore_numbers");

  /**
   * @param kind what is computed
   * @param aggregation of the documents' values
   * @param exactMatch options of {@code EXACT_MATCH} on texts, null otherwise
   */
  record Planned(MetricKind kind, Aggregation aggregation, ExactMatch exactMatch)
      implements Serializable {}

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
      metrics.add(planned(spec, metric));
    }
    if (metrics.isEmpty()) {
      throw invalid(spec, "metric_list is empty; name at least one metric");
    }
    return new MetricPlan(filters(spec), metrics);
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

  private static Planned planned(TaskSpec spec, Metric metric) {
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
    boolean onTexts =
        kind == MetricKind.EXACT_MATCH && spec.outputType() == OutputType.GENERATE_UNTIL;
    Set<String> unknown = new TreeSet<>(metric.options().keySet());
    if (onTexts) {
      unknown.removeAll(EXACT_MATCH_OPTIONS);
    }
    if (!unknown.isEmpty()) {
      throw invalid(
          spec, "metric '%s' has no option %s; remove it".formatted(metric.name(), unknown));
    }
    return new Planned(
        kind, aggregation(spec, metric, kind), onTexts ? exactMatch(spec, metric) : null);
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
    if (aggregation.weighted() != kind.aggregation().weighted()) {
      throw invalid(
          spec,
          "metric '%s' cannot be aggregated by '%s'; use '%s'"
              .formatted(metric.name(), aggregation.label(), kind.aggregation().label()));
    }
    return aggregation;
  }

  private static ExactMatch exactMatch(TaskSpec spec, Metric metric) {
    List<PythonRegex> regexes = new ArrayList<>();
    Object listed = metric.options().get("regexes_to_ignore");
    if (listed != null) {
      if (!(listed instanceof List<?> patterns)) {
        throw invalid(spec, "option 'regexes_to_ignore' must be a list of patterns");
      }
      for (Object pattern : patterns) {
        if (!(pattern instanceof String text)) {
          throw invalid(spec, "option 'regexes_to_ignore' must be a list of patterns");
        }
        try {
          regexes.add(PythonRegex.compile(text));
        } catch (DataException e) {
          throw new DataException(
              e.code(), "task '%s': %s".formatted(spec.name(), e.getMessage()), e);
        }
      }
    }
    return new ExactMatch(
        List.copyOf(regexes),
        flag(spec, metric, "ignore_case"),
        flag(spec, metric, "ignore_punctuation"),
        flag(spec, metric, "ignore_numbers"));
  }

  private static boolean flag(TaskSpec spec, Metric metric, String key) {
    Object value = metric.options().get(key);
    return switch (value) {
      case null -> false;
      case Boolean flag -> flag;
      default ->
          throw invalid(
              spec, "option '%s' must be true or false, found '%s'".formatted(key, value));
    };
  }

  private static String label(TaskSpec spec) {
    return spec.outputType().name().toLowerCase(Locale.ROOT);
  }

  private static DataException invalid(TaskSpec spec, String what) {
    return new DataException(
        DataErrorCode.TASK_INVALID, "task '%s': %s".formatted(spec.name(), what));
  }
}
