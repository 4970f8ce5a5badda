package io.assay.job.console;

import io.assay.engine.EngineOptions;
import io.assay.engine.WeightMode;
import io.assay.engine.config.ModelConfig;
import io.assay.engine.inspect.ModelInspection;
import io.assay.engine.inspect.ParameterCount;
import io.assay.engine.inspect.Storage;
import io.assay.engine.inspect.TensorAudit;
import io.assay.engine.model.MemoryBudget;
import io.assay.engine.weights.ProcessMemory;
import io.assay.engine.weights.StreamBytes;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A model's inspection as text. */
public final class InspectionText {
  private static final int SHOWN = 5;

  private InspectionText() {}

  /**
   * The lines to print.
   *
   * @param name the model as the user named it
   * @param weights where its weights are asked to be
   * @param cacheGib memory of the cache whose largest batches are shown
   */
  public static List<String> lines(
      ModelInspection inspection, String name, WeightMode weights, int cacheGib, Layout layout) {
    List<String> lines = new ArrayList<>();
    lines.add(layout.heading(name));
    lines.addAll(layout.folded("  ", summary(inspection)));
    here(inspection, weights, layout, lines);
    architecture(inspection.config(), layout, lines);
    parameters(inspection, layout, lines);
    storage(inspection, layout, lines);
    KvCacheText.add(inspection, cacheGib, layout, lines);
    audit(inspection, layout, lines);
    return lines;
  }

  private static String summary(ModelInspection inspection) {
    ModelConfig config = inspection.config();
    ModelConfig.Routing routing = config.ffn().routing();
    return String.format(
        Locale.ROOT,
        "%s: %s parameters in %d layers, %s, %s of weights%s",
        config.modelType(),
        Numbers.parameters((double) inspection.main().total()),
        config.numLayers(),
        routing == null
            ? "no routed experts"
            : Numbers.parameters((double) inspection.main().active())
                + " active a token ("
                + routing.perToken()
                + " of "
                + routing.experts()
                + " experts)",
        Numbers.bytes((double) inspection.storage().bytes()),
        inspection.storage().estimated() ? " (estimated)" : "");
  }

  /** Whether it fits here, and what a token costs. */
  private static void here(
      ModelInspection inspection, WeightMode weights, Layout layout, List<String> lines) {
    ModelConfig config = inspection.config();
    long bytes = inspection.storage().bytes();
    long room = ProcessMemory.availableForWeights();
    boolean streamed = weights.resolve(bytes, room) == WeightMode.STREAMED;
    StreamBytes stream =
        StreamBytes.of(config, tensor -> Storage.estimate(List.of(tensor)).bytes());
    WeightFit fit = new WeightFit(bytes, streamed ? stream.resident() : bytes, room, streamed);
    long heap = Runtime.getRuntime().maxMemory();
    long batch = EngineOptions.defaults().batchBytes(heap);
    MemoryBudget budget = MemoryBudget.of(config, batch, streamed, 0);
    lines.add("");
    lines.add(layout.heading("On this machine"));
    layout
        .folded("  weights  ", fit.text())
        .forEach(line -> lines.add(layout.paint(fit.paint(), line)));
    lines.addAll(
        layout.folded(
            "  batches  ",
            Numbers.count(budget.slice())
                + " tokens in a layer, "
                + Numbers.count(budget.pass())
                + " in a pass through all layers, in the "
                + Numbers.bytes((double) batch)
                + " that a heap of "
                + Numbers.bytes((double) heap)
                + " leaves them"));
    lines.addAll(
        layout.folded(
            "  a token  ",
            Numbers.flops(2.0 * inspection.main().active())
                + " (2 x active parameters)"
                + (streamed
                    ? "; a pass reads " + Numbers.bytes((double) stream.pass()) + " of weights"
                    : "")));
    lines.addAll(
        layout.folded(
            "  time     ", "assay plan RUN.yaml says how long a run takes, by runs before it"));
  }

  private static void architecture(ModelConfig config, Layout layout, List<String> lines) {
    ModelConfig.Attention a = config.attention();
    ModelConfig.Routing r = config.ffn().routing();
    TextTable table = new TextTable("", "");
    table.row("model type", config.modelType());
    table.row("layers", layers(config));
    table.row("hidden", config.hiddenSize());
    table.row("vocabulary", Numbers.count(config.vocabSize()));
    table.row("positions", Numbers.count(config.maxPositions()));
    table.row(
        "attention",
        String.format(
            Locale.ROOT,
            "MLA: %d heads, %s, latent %d + rope %d, head %d + %d, value %d",
            a.heads(),
            a.qLoraRank() == 0 ? "plain queries" : "query latent " + a.qLoraRank(),
            a.kvLoraRank(),
            a.qkRopeHeadDim(),
            a.qkNopeHeadDim(),
            a.qkRopeHeadDim(),
            a.vHeadDim()));
    table.row("rope", rope(config.rope()));
    if (r != null) {
      table.row(
          "experts",
          String.format(
              Locale.ROOT,
              "%d routed of width %d, %d a token, %d shared",
              r.experts(),
              r.intermediate(),
              r.perToken(),
              r.sharedExperts()));
      table.row(
          "routing",
          String.format(
              Locale.ROOT,
              "%s, %s, %d of %d groups, scaling %s%s",
              r.method().name().toLowerCase(Locale.ROOT),
              r.scoring().name().toLowerCase(Locale.ROOT),
              r.groupsKept(),
              r.groups(),
              r.scaling(),
              r.normalize() ? ", weights normalised" : ""));
    }
    table.row(
        "quantisation",
        config.quantization() == null
            ? "none"
            : "FP8 e4m3 in blocks of "
                + config.quantization().blockRows()
                + " x "
                + config.quantization().blockColumns());
    table.section("Architecture", layout, lines);
  }

  private static String layers(ModelConfig config) {
    long routed = 0;
    for (int layer = 0; layer < config.numLayers(); layer++) {
      routed += config.routed(layer) ? 1 : 0;
    }
    return String.format(
        Locale.ROOT,
        "%d (%d dense, %d with experts), %d MTP",
        config.numLayers(),
        config.numLayers() - routed,
        routed,
        config.mtpModules());
  }

  private static String rope(ModelConfig.Rope rope) {
    String theta = String.format(Locale.ROOT, "theta %s", plain(rope.theta()));
    ModelConfig.Yarn yarn = rope.yarn();
    return yarn == null
        ? theta
        : theta
            + ", YaRN factor "
            + plain(yarn.factor())
            + " over "
            + Numbers.count(yarn.originalPositions())
            + " positions";
  }

  private static String plain(double value) {
    return value == Math.rint(value) && Math.abs(value) < 1e15
        ? Long.toString((long) value)
        : Double.toString(value);
  }

  private static void parameters(ModelInspection inspection, Layout layout, List<String> lines) {
    TextTable table = new TextTable("part", "parameters", "share");
    ParameterCount main = inspection.main();
    main.parts()
        .forEach(
            (part, count) ->
                table.row(
                    part.name().toLowerCase(Locale.ROOT).replace('_', ' '),
                    Numbers.parameters(count.doubleValue()),
                    share(count, main.total())));
    table.row("main model", Numbers.parameters((double) main.total()), "100.0 %");
    table.row(
        "active a token",
        Numbers.parameters((double) main.active()),
        share(main.active(), main.total()));
    if (inspection.mtp().total() > 0) {
      table.row(
          "MTP modules",
          Numbers.parameters((double) inspection.mtp().total()),
          share(inspection.mtp().total(), main.total()));
    }
    table.section("Parameters", layout, lines);
  }

  private static String share(long part, long whole) {
    return String.format(Locale.ROOT, "%.1f %%", 100.0 * part / Math.max(1, whole));
  }

  private static void storage(ModelInspection inspection, Layout layout, List<String> lines) {
    TextTable table = new TextTable("type", "tensors", "size");
    inspection
        .storage()
        .types()
        .forEach(
            (type, use) ->
                table.row(type, Numbers.count(use.tensors()), Numbers.bytes((double) use.bytes())));
    table.row("all", "", Numbers.bytes((double) inspection.storage().bytes()));
    table.section(
        inspection.storage().estimated() ? "Weights (estimated: no checkpoint here)" : "Weights",
        layout,
        lines);
  }

  private static void audit(ModelInspection inspection, Layout layout, List<String> lines) {
    overlay(inspection.overlaid(), layout, lines);
    lines.add("");
    if (inspection.audit().isEmpty()) {
      lines.add("Supported: yes, as far as config.json says; there are no weights here to check");
      return;
    }
    TensorAudit audit = inspection.audit().get();
    lines.add(
        audit.complete()
            ? "Supported: yes, every tensor is there with its shape"
            : layout.paint(Paint.BAD, "Supported: no"));
    findings("missing", audit.missing(), lines);
    findings("wrong", audit.wrong(), lines);
    findings("unexpected", audit.unexpected(), lines);
    findings("not needed", audit.unused(), lines);
  }

  private static void overlay(List<String> names, Layout layout, List<String> lines) {
    if (!names.isEmpty()) {
      lines.add("");
      lines.add(layout.heading("Overlay: replaces tensors of the checkpoint"));
      findings("replaced", names, lines);
    }
  }

  private static void findings(String heading, List<String> findings, List<String> lines) {
    if (findings.isEmpty()) {
      return;
    }
    lines.add("  " + heading + ": " + Numbers.count(findings.size()));
    findings.stream().limit(SHOWN).forEach(finding -> lines.add("    " + finding));
    if (findings.size() > SHOWN) {
      lines.add("    and " + Numbers.count(findings.size() - SHOWN) + " more");
    }
  }
}
