package io.assay.job.gate;

import io.assay.eval.comparison.Verdict;
import java.util.List;

/**
 * A comparison for programs.
 *
 * @param runId run that is judged
 * @param baselineRunId run it is compared with, or null
 * @param verdict of all together: failed if one is, else no_baseline if there is none, else passed
 * @param strict whether what may be chance, or cannot be compared, failed as well
 */
public record GateReport(
    String runId,
    String baselineRunId,
    Verdict verdict,
    double alpha,
    boolean strict,
    List<GateResult> gates) {

  /** The verdict on a run. */
  public static Verdict overall(List<GateResult> gates) {
    if (gates.stream().anyMatch(gate -> gate.verdict() == Verdict.FAILED)) {
      return Verdict.FAILED;
    }
    return gates.stream().anyMatch(gate -> gate.verdict() == Verdict.NO_BASELINE)
        ? Verdict.NO_BASELINE
        : Verdict.PASSED;
  }
}
