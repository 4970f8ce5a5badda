package io.assay.job.placement;

import io.assay.job.console.Layout;
import io.assay.job.console.Numbers;
import io.assay.job.console.TextTable;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A placement as people read it. */
public final class PlacementText {
  private PlacementText() {}

  /** All tables. */
  public static List<String> lines(PlacementReport report, Layout layout) {
    List<String> lines = new ArrayList<>();
    lines.addAll(
        layout.folded(
            "",
            "Placement of %s experts in %s layers by the loads of %s: %s replicas on %s GPUs"
                .formatted(
                    Numbers.count(report.experts()),
                    Numbers.count(report.layers().size()),
                    String.join(", ", report.runs()),
                    Numbers.count(report.replicas()),
                    Numbers.count(report.gpus()))));
    lines.addAll(layout.folded("", policy(report)));
    balance(report).section("Load of the busiest GPU over the mean", layout, lines);
    gpus(report).section("Experts of each GPU", layout, lines);
    TextTable replicas = replicas(report);
    if (!replicas.isEmpty()) {
      replicas.section("Experts with several replicas", layout, lines);
    }
    if (!report.sweep().isEmpty()) {
      sweep(report).section("Other numbers of replicas: busiest GPU over the mean", layout, lines);
    }
    return lines;
  }

  private static String policy(PlacementReport report) {
    if (report.nodes() == 1) {
      return "One node: every expert may be on any of its GPUs";
    }
    return report.policy().equals("hierarchical")
        ? "Hierarchical: each of %s groups stays on one of %s nodes"
            .formatted(Numbers.count(report.groups()), Numbers.count(report.nodes()))
        : "Global: %s groups cannot be shared out evenly over %s nodes, so neither plays a part"
            .formatted(Numbers.count(report.groups()), Numbers.count(report.nodes()));
  }

  private static TextTable balance(PlacementReport report) {
    TextTable table = new TextTable("layer", "chosen", "before", "after");
    long all = 0;
    for (PlacementReport.Layer layer : report.layers()) {
      long chosen = layer.tokens().stream().mapToLong(Long::longValue).sum();
      all += chosen;
      table.row(
          layer.layer(),
          Numbers.count(chosen),
          Numbers.decimal(layer.maxOverMean().before()),
          Numbers.decimal(layer.maxOverMean().after()));
    }
    return table.row(
        "all",
        Numbers.count(all),
        Numbers.decimal(report.maxOverMean().before()),
        Numbers.decimal(report.maxOverMean().after()));
  }

  private static TextTable gpus(PlacementReport report) {
    TextTable table = new TextTable("layer", "node", "GPU", "load over mean", "experts");
    int slots = report.replicas() / report.gpus();
    boolean nodes = report.policy().equals("hierarchical");
    for (PlacementReport.Layer layer : report.layers()) {
      double mean =
          layer.gpuTokensAfter().stream().mapToDouble(Double::doubleValue).sum() / report.gpus();
      IntStream.range(0, report.gpus())
          .forEach(
              gpu ->
                  table.row(
                      layer.layer(),
                      nodes ? gpu / (report.gpus() / report.nodes()) : "-",
                      gpu,
                      Numbers.decimal(layer.gpuTokensAfter().get(gpu) / mean),
                      joined(layer.physicalToLogical().subList(gpu * slots, (gpu + 1) * slots))));
    }
    return table;
  }

  private static TextTable replicas(PlacementReport report) {
    TextTable table = new TextTable("layer", "expert", "chosen", "replicas", "physical experts");
    for (PlacementReport.Layer layer : report.layers()) {
      for (int expert = 0; expert < report.experts(); expert++) {
        List<Integer> places = layer.logicalToPhysical().get(expert);
        if (places.size() > 1) {
          table.row(
              layer.layer(),
              expert,
              Numbers.count(layer.tokens().get(expert)),
              places.size(),
              joined(places));
        }
      }
    }
    return table;
  }

  private static TextTable sweep(PlacementReport report) {
    TextTable table = new TextTable("replicas", "each GPU", "all layers", "worst layer", "which");
    report
        .sweep()
        .forEach(
            step ->
                table.row(
                    Numbers.count(step.replicas()),
                    Numbers.count(step.replicas() / report.gpus()),
                    Numbers.decimal(step.maxOverMean()),
                    Numbers.decimal(step.worstMaxOverMean()),
                    step.worstLayer()));
    return table;
  }

  private static String joined(List<Integer> numbers) {
    return numbers.stream().map(String::valueOf).collect(Collectors.joining(" "));
  }
}
