package io.assay.job.gate;

import static io.assay.eval.comparison.Verdict.FAILED;
import static io.assay.eval.comparison.Verdict.IMPROVED;
import static io.assay.eval.comparison.Verdict.NOT_COMPARABLE;
import static io.assay.eval.comparison.Verdict.NO_BASELINE;
import static io.assay.eval.comparison.Verdict.PASSED;
import static io.assay.eval.comparison.Verdict.UNCERTAIN;
import static org.assertj.core.api.Assertions.assertThat;

import io.assay.eval.comparison.GateRule;
import io.assay.eval.comparison.Verdict;
import io.assay.job.console.Layout;
import io.assay.job.table.MetricTable;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class GateReportTest {
  private static List<GateResult> gates(Verdict... verdicts) {
    MetricTable.Key key = new MetricTable.Key("task", "none", "acc");
    return Arrays.stream(verdicts)
        .map(
            verdict ->
                GateResult.without(
                    verdict, "before", key, 0.5, GateRule.notWorse(true), 0.05, "another task"))
        .toList();
  }

  private static Verdict overall(Verdict... verdicts) {
    return GateReport.overall(gates(verdicts));
  }

  @Test
  void oneFailureIsEnough() {
    assertThat(overall(NOT_COMPARABLE, PASSED, FAILED)).isEqualTo(FAILED);
  }

  @Test
  void nothingComparedIsNotPassed() {
    assertThat(overall(NOT_COMPARABLE, NOT_COMPARABLE)).isEqualTo(NOT_COMPARABLE);
    assertThat(overall()).isEqualTo(NOT_COMPARABLE);
    assertThat(overall(NO_BASELINE)).isEqualTo(NO_BASELINE);
    assertThat(GateText.lines("night", gates(NOT_COMPARABLE), Layout.PLAIN))
        .contains("not comparable: task: another task")
        .last()
        .asString()
        .startsWith("Verdict: not_comparable, nothing was compared");
  }

  @Test
  void oneComparisonIsAVerdict() {
    assertThat(overall(NOT_COMPARABLE, UNCERTAIN)).isEqualTo(PASSED);
    assertThat(overall(NOT_COMPARABLE, IMPROVED)).isEqualTo(PASSED);
  }
}
