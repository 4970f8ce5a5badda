package io.assay.eval.comparison;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.assay.eval.comparison.GateRule.Worse;
import io.assay.eval.statistics.Interval;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GateRuleTest {
  private static PairedDifference difference(double baseline, double value) {
    Interval delta = new Interval(value - baseline, Double.NaN, Double.NaN);
    return new PairedDifference(baseline, value, delta, 1, "bootstrap", 0, 10, 0);
  }

  @ParameterizedTest
  @CsvSource({
    "MAX_INCREASE, 1%,   8.0,  8.081, 0.049, false, FAILED",
    "MAX_INCREASE, 1%,   8.0,  8.081, 0.05,  false, UNCERTAIN",
    "MAX_INCREASE, 1%,   8.0,  8.081, 0.05,  true,  FAILED",
    "MAX_INCREASE, 1%,   8.0,  8.079, 0.001, false, PASSED",
    "MAX_INCREASE, 1%,   8.0,  7.9,   0.001, false, IMPROVED",
    "MAX_INCREASE, 1%,   8.0,  7.9,   0.2,   true,  PASSED",
    "MAX_INCREASE, 1%,  -8.0, -7.9,   0.001, false, FAILED",
    "MAX_DECREASE, 0.01, 0.80, 0.79,  0.001, false, PASSED",
    "MAX_DECREASE, 0.01, 0.80, 0.78,  0.001, false, FAILED",
    "MAX_DECREASE, 0,    0.80, 0.81,  0.001, false, IMPROVED",
    "MAX_DECREASE, 0,    0.80, 0.80,  1,     true,  PASSED",
    "MAX_DECREASE, 0,    0.80, 0.79,  0.001, false, FAILED"
  })
  void verdicts(
      Worse worse,
      String limit,
      double baseline,
      double value,
      double p,
      boolean strict,
      Verdict verdict) {
    GateRule rule = new GateRule("*", "*", "*", worse, limit);
    assertThat(rule.verdict(difference(baseline, value), p, 0.05, strict)).isEqualTo(verdict);
  }

  @Test
  void selectsByNameOrGlob() {
    GateRule rule = new GateRule("acc*", "mmlu_*", "none", Worse.MAX_DECREASE, "0.01");
    assertThat(rule.selects("mmlu_law", "none", "acc_norm")).isTrue();
    assertThat(rule.selects("mmlu_law", "strict-match", "acc")).isFalse();
    assertThat(rule.selects("piqa", "none", "acc")).isFalse();
    assertThat(rule.selects("mmlu_law", "none", "perplexity")).isFalse();
    assertThat(new GateRule("perplexity", "corpus:*", "*", Worse.MAX_INCREASE, "1 %"))
        .satisfies(r -> assertThat(r.selects("corpus:a b", "none", "perplexity")).isTrue())
        .satisfies(r -> assertThat(r.selects("corpus:a", "none", "byte_perplexity")).isFalse());
  }

  @ParameterizedTest
  @ValueSource(strings = {"-1", "-1%", "many", "%", "", "NaN"})
  void aLimitIsANumberOrAPercentage(String limit) {
    assertThatThrownBy(() -> new GateRule("acc", "*", "*", Worse.MAX_DECREASE, limit))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
