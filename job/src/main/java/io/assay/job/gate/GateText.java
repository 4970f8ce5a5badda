package io.assay.job.gate;

import io.assay.eval.comparison.Verdict;
import io.assay.job.console.Layout;
import io.assay.job.console.Numbers;
import io.assay.job.console.Paint;
import io.assay.job.console.TextTable;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Gates as people read them. */
public final class GateText {
  private GateText() {}

  /**
   * What was compared with what.
   *
   * @param gates of one run
   */
  private static String heading(String runId, List<GateResult> gates) {
    return gates.stream()
        .map(GateResult::baselineRunId)
        .filter(id -> id != null)
        .findFirst()
        .map(baseline -> "Gates: run " + runId + " against " + baseline + " on common documents")
        .orElse("Gates: run " + runId + " has no baseline yet, nothing was compared");
  }

  /**
   * Heading, table and remarks.
   *
   * @param gates of one run
   */
  public static List<String> lines(String runId, List<GateResult> gates, Layout layout) {
    List<String> lines = new ArrayList<>(List.of(layout.heading(heading(runId, gates))));
    table(gates).lines(layout.indented()).forEach(line -> lines.add(("  " + line).stripTrailing()));
    lines.addAll(remarks(gates, layout));
    return lines;
  }

  /** The verdicts, the worst first. */
  private static TextTable table(List<GateResult> gates) {
    TextTable table =
        new TextTable(
            "verdict",
            "task",
            "metric",
            "filter",
            "baseline",
            "value",
            "delta",
            "interval",
            "p (Holm)",
            "detectable",
            "documents",
            "allowed");
    for (GateResult gate : gates) {
      table.painted(
          paint(gate.verdict()),
          gate.verdict().label(),
          gate.task(),
          gate.metric(),
          gate.filter(),
          decimal(gate.baseline()),
          decimal(gate.value()),
          decimal(gate.delta()),
          gate.ciLow() == null
              ? "-"
              : "[" + decimal(gate.ciLow()) + ", " + decimal(gate.ciHigh()) + "]",
          probability(gate.pAdjusted()),
          decimal(gate.detectable()),
          gate.documents() == null ? "-" : Numbers.count(gate.documents()),
          gate.rule());
    }
    return table;
  }

  /** The reasons why there was nothing to compare, each once, and the verdict on all. */
  private static List<String> remarks(List<GateResult> gates, Layout layout) {
    List<String> lines =
        gates.stream()
            .filter(gate -> gate.message() != null)
            .map(gate -> "not comparable: " + gate.task() + ": " + gate.message())
            .distinct()
            .collect(Collectors.toCollection(ArrayList::new));
    Verdict overall = GateReport.overall(gates);
    lines.add(
        layout.paint(paint(overall), "Verdict: " + overall.label() + ", " + tally(overall, gates)));
    return lines;
  }

  private static String tally(Verdict overall, List<GateResult> gates) {
    if (overall == Verdict.NOT_COMPARABLE) {
      return "nothing was compared; with gates.strict: true that is a failure";
    }
    long failed = gates.stream().filter(gate -> gate.verdict() == Verdict.FAILED).count();
    return Numbers.count(failed) + " of " + Numbers.count(gates.size()) + " gates failed";
  }

  private static Paint paint(Verdict verdict) {
    return switch (verdict) {
      case FAILED -> Paint.BAD;
      case UNCERTAIN, NOT_COMPARABLE -> Paint.DOUBTFUL;
      case IMPROVED -> Paint.GOOD;
      case PASSED, NO_BASELINE -> Paint.NONE;
    };
  }

  /** Below a ten-thousandth the exact p-value says nothing more. */
  private static String probability(Double p) {
    return p != null && p < 1e-4 ? "<0.0001" : decimal(p);
  }

  private static String decimal(Double value) {
    return value == null ? "-" : Numbers.decimal(value);
  }
}
