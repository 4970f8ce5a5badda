package io.assay.job.gate;

import io.assay.eval.comparison.GateRule;
import io.assay.eval.comparison.Holm;
import io.assay.eval.comparison.PairedDifference;
import io.assay.eval.comparison.Verdict;
import io.assay.job.InputException;
import io.assay.job.config.RunConfig.Gates;
import io.assay.job.table.MetricTable;
import io.assay.job.table.MetricTable.Metric;
import io.assay.job.table.RunProtocol;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Judges the metrics of a run by those of an earlier one. */
public final class RunComparison {
  /** A metric that was compared, before all of them are adjusted for each other. */
  private record Compared(
      MetricTable.Key key, GateRule rule, PairedDocuments pairs, PairedDifference found) {}

  private final ComparedRun run;
  private final Gates gates;
  private final List<GateResult> results = new ArrayList<>();
  private final List<Compared> compared = new ArrayList<>();

  private RunComparison(ComparedRun run, Gates gates) {
    this.run = run;
    this.gates = gates;
  }

  /**
   * The verdicts on every metric that a rule selects, or on all metrics if there are no rules; the
   * worst first.
   *
   * @param baseline the run compared with, or null
   * @throws InputException if the tables of the run cannot be read; those of the baseline make
   *     verdicts {@code not_comparable}
   */
  public static List<GateResult> of(ComparedRun baseline, ComparedRun run, Gates gates) {
    RunComparison comparison = new RunComparison(run, gates);
    List<Metric> metrics = run.metrics();
    if (baseline == null) {
      metrics.forEach(
          metric -> comparison.without(metric, metric.value(), Verdict.NO_BASELINE, null, null));
    } else {
      comparison.compare(metrics, baseline);
    }
    return comparison.results.stream()
        .sorted(
            Comparator.comparing(GateResult::verdict)
                .thenComparing(GateResult::task)
                .thenComparing(GateResult::filter)
                .thenComparing(GateResult::metric))
        .toList();
  }

  private void compare(List<Metric> metrics, ComparedRun baseline) {
    Map<MetricTable.Key, Metric> earlier = new LinkedHashMap<>();
    try {
      baseline.metrics().forEach(metric -> earlier.put(metric.key(), metric));
    } catch (InputException e) {
      metrics.forEach(metric -> incomparable(metric, baseline, e.getMessage()));
      return;
    }
    for (Metric metric : metrics) {
      Metric before = earlier.remove(metric.key());
      rule(metric).ifPresent(rule -> compare(metric, before, rule, baseline));
    }
    String gone = "only the baseline has this metric";
    earlier.values().forEach(m -> without(m, Double.NaN, incomparable(), baseline.id(), gone));
    double[] adjusted =
        Holm.adjusted(compared.stream().mapToDouble(c -> c.found().pValue()).toArray());
    for (int i = 0; i < adjusted.length; i++) {
      Compared c = compared.get(i);
      results.add(
          GateResult.of(
              baseline.id(),
              c.key(),
              c.found(),
              c.pairs().unpaired(),
              adjusted[i],
              gates.alpha(),
              c.rule(),
              c.rule().verdict(c.found(), adjusted[i], gates.alpha(), gates.strict())));
    }
  }

  private void compare(Metric metric, Metric before, GateRule rule, ComparedRun baseline) {
    String difference = difference(metric, before, baseline);
    if (difference != null) {
      incomparable(metric, baseline, difference);
      return;
    }
    try {
      PairedDocuments pairs =
          PairedDocuments.of(metric, baseline.documents(metric.key()), run.documents(metric.key()));
      PairedDifference found = pairs.difference(gates.alpha());
      if (Double.isNaN(found.delta().value())) {
        incomparable(metric, baseline, "the two values have no difference that is a number");
      } else {
        compared.add(new Compared(metric.key(), rule, pairs, found));
      }
    } catch (InputException e) {
      incomparable(metric, baseline, e.getMessage());
    }
  }

  /** Why two values do not measure the same, null if they do as far as these tables tell. */
  private String difference(Metric metric, Metric before, ComparedRun baseline) {
    if (before == null) {
      return "the baseline does not have this metric";
    }
    if (!metric.version().equals(before.version())) {
      return different("the task's version", metric.version(), before.version());
    }
    if (metric.numFewshot() != before.numFewshot()) {
      return different("num_fewshot", metric.numFewshot(), before.numFewshot());
    }
    if (!metric.fewshot().equals(before.fewshot())) {
      return different("fewshot", metric.fewshot(), before.fewshot());
    }
    if (!metric.aggregation().equals(before.aggregation())) {
      return different("the aggregation", metric.aggregation(), before.aggregation());
    }
    return run.protocol().difference(baseline.protocol());
  }

  private static String different(String name, Object value, Object before) {
    return RunProtocol.different(name, value, before);
  }

  private void incomparable(Metric metric, ComparedRun baseline, String why) {
    without(metric, metric.value(), incomparable(), baseline.id(), why);
  }

  private Verdict incomparable() {
    return gates.strict() ? Verdict.FAILED : Verdict.NOT_COMPARABLE;
  }

  private void without(
      Metric metric, double value, Verdict verdict, String baselineId, String why) {
    rule(metric)
        .ifPresent(
            rule ->
                results.add(
                    GateResult.without(
                        verdict, baselineId, metric.key(), value, rule, gates.alpha(), why)));
  }

  private Optional<GateRule> rule(Metric metric) {
    if (gates.rules().isEmpty()) {
      return Optional.of(GateRule.notWorse(metric.higherIsBetter()));
    }
    MetricTable.Key key = metric.key();
    return gates.rules().stream()
        .filter(rule -> rule.selects(key.task(), key.filter(), key.metric()))
        .findFirst();
  }
}
