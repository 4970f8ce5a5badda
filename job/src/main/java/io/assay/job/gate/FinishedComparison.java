package io.assay.job.gate;

import io.assay.job.config.GatesReader;
import io.assay.job.config.RunConfig.Gates;
import io.assay.job.table.FinishedRun;
import io.assay.job.table.RunCatalog;
import java.util.List;

/** Compares two runs that are over, from their tables alone, which stay as they are. */
public final class FinishedComparison {
  private FinishedComparison() {}

  /**
   * Judges a run by another, with the rules of its own run file.
   *
   * @param baseline id of the run compared with
   * @param run id of the run that is judged
   * @param allMetrics whether all metrics are compared and none may get worse, whatever the rules
   * @param alpha replaces that of the run file, or null
   * @throws io.assay.job.InputException if a run is not there, failed or cannot be read
   */
  public static GateReport of(
      RunCatalog catalog, String baseline, String run, boolean allMetrics, Double alpha) {
    ComparedRun before = ComparedRun.finished(catalog, baseline);
    ComparedRun after = ComparedRun.finished(catalog, run);
    Gates stored =
        after
            .folders()
            .finished()
            .map(FinishedRun::configYaml)
            .map(GatesReader::stored)
            .orElseThrow();
    Gates gates =
        new Gates(
            baseline,
            allMetrics ? List.of() : stored.rules(),
            alpha == null ? stored.alpha() : alpha,
            stored.strict());
    List<GateResult> results = RunComparison.of(before, after, gates);
    return new GateReport(
        run, baseline, GateReport.overall(results), gates.alpha(), gates.strict(), results);
  }
}
