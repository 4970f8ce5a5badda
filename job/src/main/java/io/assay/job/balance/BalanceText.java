package io.assay.job.balance;

import io.assay.eval.statistics.Interval;
import io.assay.job.balance.BalanceReport.Change;
import io.assay.job.console.Layout;
import io.assay.job.console.Numbers;
import io.assay.job.console.TextTable;
import java.util.ArrayList;
import java.util.List;

/** A calibration as people read it. */
public final class BalanceText {
  private BalanceText() {}

  /** All tables. */
  public static List<String> lines(BalanceReport report, Layout layout) {
    List<String> lines = new ArrayList<>();
    lines.addAll(
        layout.folded(
            "",
            "Calibrated on %s (%s tokens), judged by %s held out (%s tokens); %s rejected"
                .formatted(
                    documents(report.calibration().documents()),
                    Numbers.count(report.calibration().tokens()),
                    Numbers.count(report.heldOut().documents()),
                    Numbers.count(report.heldOut().tokens()),
                    Numbers.count(report.rejected()))));
    lines.addAll(layout.folded("", outcome(report)));
    loads(report).section("MaxVio of held-out documents", layout, lines);
    layers(report)
        .section(
            "By layer (L_Bal also with the choices served; MaxVio of what was calibrated on)",
            layout,
            lines);
    perplexity(report).section("Token perplexity of held-out documents", layout, lines);
    return lines;
  }

  private static String documents(long count) {
    return Numbers.count(count) + (count == 1 ? " document" : " documents");
  }

  private static String outcome(BalanceReport report) {
    String why =
        switch (report.stop()) {
          case TARGET_REACHED -> "no layer is above the target of " + report.target();
          case NO_IMPROVEMENT -> "MaxVio fell no further";
          case MAX_ITERATIONS -> "no more were allowed";
        };
    int updates = report.steps().size() - 1;
    if (updates == 0) {
      return "No update: " + why + " with the model's own biases, which are kept";
    }
    return "%s of %s, until %s; kept are the biases after %s%s"
        .formatted(
            Numbers.count(updates) + (updates == 1 ? " update" : " updates"),
            report.gamma(),
            why,
            Numbers.count(report.kept()),
            report.kept() == 0 ? ": the model's own" : "");
  }

  private static TextTable loads(BalanceReport report) {
    TextTable table = new TextTable("layer", "before", "after", "difference", "95 % interval");
    report.layers().forEach(layer -> row(table, layer.layer(), layer.maxVio()));
    return row(table, "mean", report.maxVio());
  }

  private static TextTable perplexity(BalanceReport report) {
    return row(
        new TextTable("", "before", "after", "difference", "95 % interval"),
        "all",
        report.perplexity());
  }

  private static TextTable row(TextTable table, Object name, Change change) {
    return table.row(
        name,
        Numbers.decimal(change.before().value()),
        Numbers.decimal(change.after().value()),
        Numbers.decimal(change.difference().value()),
        interval(change.difference()));
  }

  private static String interval(Interval interval) {
    return Numbers.decimal(interval.low()) + " to " + Numbers.decimal(interval.high());
  }

  private static TextTable layers(BalanceReport report) {
    TextTable table =
        new TextTable(
            "layer",
            "cv before",
            "cv after",
            "L_Bal before",
            "L_Bal after",
            "served before",
            "served after",
            "calibrated before",
            "calibrated after",
            "largest update");
    for (BalanceReport.Layer layer : report.layers()) {
      table.row(
          layer.layer(),
          Numbers.decimal(layer.cv().before()),
          Numbers.decimal(layer.cv().after()),
          Numbers.decimal(layer.balanceLoss().before()),
          Numbers.decimal(layer.balanceLoss().after()),
          Numbers.decimal(layer.servedBalanceLoss().before()),
          Numbers.decimal(layer.servedBalanceLoss().after()),
          Numbers.decimal(layer.calibrationMaxVio().before()),
          Numbers.decimal(layer.calibrationMaxVio().after()),
          Numbers.decimal(layer.largestUpdate()));
    }
    return table;
  }
}
