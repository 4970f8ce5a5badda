package io.assay.job.gate;

import io.assay.eval.comparison.GateRule;
import io.assay.eval.comparison.PairedDifference;
import io.assay.eval.comparison.Verdict;
import io.assay.job.table.MetricTable;

/**
 * A row of {@code gates}; numbers are null where there is none.
 *
 * @param baselineRunId run compared with, or null
 * @param value of this run on the documents of both; without a baseline on all of its own
 * @param detectable minimum detectable effect
 * @param unpaired documents of only one of the runs
 * @param rule text of the rule that decided
 * @param message why there is nothing to compare, or null
 */
public record GateResult(
    Verdict verdict,
    String baselineRunId,
    String task,
    String filter,
    String metric,
    Double value,
    Double baseline,
    Double delta,
    Double ciLow,
    Double ciHigh,
    Double pValue,
    Double pAdjusted,
    Double detectable,
    Long documents,
    Long unpaired,
    Long clusters,
    String test,
    String rule,
    double alpha,
    String message) {

  static GateResult of(
      String baselineRunId,
      MetricTable.Key key,
      PairedDifference difference,
      long unpaired,
      double pAdjusted,
      double alpha,
      GateRule rule,
      Verdict verdict) {
    return new GateResult(
        verdict,
        baselineRunId,
        key.task(),
        key.filter(),
        key.metric(),
        difference.value(),
        difference.baseline(),
        difference.delta().value(),
        known(difference.delta().low()),
        known(difference.delta().high()),
        difference.pValue(),
        pAdjusted,
        known(difference.detectable()),
        (long) difference.documents(),
        unpaired,
        difference.clusters() == 0 ? null : (long) difference.clusters(),
        difference.test(),
        rule.text(),
        alpha,
        /* message= */ null);
  }

  static GateResult without(
      Verdict verdict,
      String baselineRunId,
      MetricTable.Key key,
      double value,
      GateRule rule,
      double alpha,
      String message) {
    return new GateResult(
        verdict,
        baselineRunId,
        key.task(),
        key.filter(),
        key.metric(),
        known(value),
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        rule.text(),
        alpha,
        message);
  }

  private static Double known(double value) {
    return Double.isNaN(value) ? null : value;
  }
}
