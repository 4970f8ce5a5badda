package io.assay.job.gate;

import io.assay.eval.comparison.Verdict;
import java.util.List;

/**
 * A comparison for programs.
 *
 * @param runId run that is judged
 * @param baselineRunId run it is compared with, or null
 * @param verdict of all together, see {@link #overall}
 * @param strict whether what may be chance, or cannot be compared, failed as well
 */
public record GateReport(
    String runId,
    String baselineRunId,
    Verdict verdict,
    double alpha,
    boolean strict,
    List<GateResult> gates) {

  /**
   * The verdict on a run: failed if one gate is, no_baseline if there is none, not_comparable if
   * not a single metric was compared, which is no reason to believe that all is well, else passed.
   */
  public static Verdict overall(List<GateResult> gates) {
    if (gates.stream().anyMatch(gate -> gate.verdict() == Verdict.FAILED)) {
      return Verdict.FAILED;
    }
    if (gates.stream().anyMatch(gate -> gate.verdict() == Verdict.NO_BASELINE)) {
      return Verdict.NO_BASELINE;
    }
    return gates.stream().allMatch(gate -> gate.verdict() == Verdict.NOT_COMPARABLE)
        ? Verdict.NOT_COMPARABLE
        : Verdict.PASSED;
  }
}
