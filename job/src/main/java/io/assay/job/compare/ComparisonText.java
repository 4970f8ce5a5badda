package io.assay.job.compare;

import io.assay.eval.statistics.Interval;
import io.assay.job.compare.ComparisonReport.Expert;
import io.assay.job.compare.ComparisonReport.Model;
import io.assay.job.compare.ComparisonReport.Part;
import io.assay.job.console.Layout;
import io.assay.job.console.Numbers;
import io.assay.job.console.TextTable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** A comparison as people read it. */
public final class ComparisonText {
  private ComparisonText() {}

  /** All tables. */
  public static List<String> lines(ComparisonReport report, Layout layout) {
    List<String> lines = new ArrayList<>();
    lines.add("A " + name(report.a()));
    lines.add("B " + name(report.b()));
    lines.addAll(
        layout.folded(
            "",
            "%s documents, %s tokens, the same for both; %s lines rejected"
                .formatted(
                    Numbers.count(report.all().documents()),
                    Numbers.count(report.tokens()),
                    Numbers.count(report.rejected()))));
    parts(report).section("Token perplexity and router saturation", layout, lines);
    TextTable layers = layers(report);
    if (!layers.isEmpty()) {
      layers.section("Routing by layer, and the expert whose load moved most", layout, lines);
    }
    return lines;
  }

  private static String name(Model model) {
    return model.path() + (model.overlay() == null ? "" : " with " + model.overlay());
  }

  private static TextTable parts(ComparisonReport report) {
    TextTable table =
        new TextTable(
            "domain", "documents", "tokens", "A", "B", "B - A", "95 % interval", "saturation");
    report
        .domains()
        .forEach(part -> row(table, part, part.domain().isEmpty() ? "-" : part.domain()));
    return row(table, report.all(), "all");
  }

  private static TextTable row(TextTable table, Part part, String name) {
    return table.row(
        name,
        Numbers.count(part.documents()),
        Numbers.count(part.tokens()),
        Numbers.decimal(part.perplexityA()),
        Numbers.decimal(part.perplexityB()),
        Numbers.decimal(part.perplexityDifference().value()),
        interval(part.perplexityDifference()),
        Numbers.decimal(part.saturation().value()));
  }

  private static TextTable layers(ComparisonReport report) {
    TextTable table =
        new TextTable(
            "layer",
            "saturation",
            "95 % interval",
            "load shift",
            "MaxVio A",
            "MaxVio B",
            "moved most",
            "its load A",
            "its load B");
    for (ComparisonReport.Layer layer : report.layers()) {
      Expert most =
          layer.experts().stream()
              .max(Comparator.comparingDouble(expert -> Math.abs(expert.difference())))
              .orElseThrow();
      table.row(
          layer.layer(),
          Numbers.decimal(layer.saturation().value()),
          interval(layer.saturation()),
          Numbers.decimal(layer.loadShift()),
          Numbers.decimal(layer.maxVioA()),
          Numbers.decimal(layer.maxVioB()),
          most.expert(),
          Numbers.decimal(most.loadA()),
          Numbers.decimal(most.loadB()));
    }
    return table;
  }

  private static String interval(Interval interval) {
    return Double.isNaN(interval.low())
        ? "-"
        : Numbers.decimal(interval.low()) + " to " + Numbers.decimal(interval.high());
  }
}
