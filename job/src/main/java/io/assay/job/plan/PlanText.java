package io.assay.job.plan;

import io.assay.engine.backend.DeviceFit;
import io.assay.job.console.Console;
import io.assay.job.console.Layout;
import io.assay.job.console.Numbers;
import io.assay.job.console.TextTable;
import io.assay.job.console.WeightFit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A plan for people: what {@code assay plan} prints, and a run before it starts. */
public final class PlanText {
  private PlanText() {}

  /** Prints the plan of a run that begins: text for people, the whole plan for programs. */
  public static void show(RunPlan plan, Console console) {
    if (console.isJson()) {
      console.event("plan", Map.of("plan", plan));
    } else {
      lines(plan, console.layout()).forEach(console::line);
    }
  }

  /** The lines to print. */
  public static List<String> lines(RunPlan plan, Layout layout) {
    List<String> lines = new ArrayList<>();
    lines.add(layout.heading("Run " + plan.runId()));
    add("model", plan.model().path(), layout, lines);
    add("", architecture(plan.model()), layout, lines);
    add("", parameters(plan.model()), layout, lines);
    add("engine", engine(plan.engine()), layout, lines);
    weights(plan, layout, lines);
    add("memory", memory(plan), layout, lines);
    if (plan.memory().device() != null) {
      add("device", device(plan.memory().device()), layout, lines);
    }
    add("latents", latents(plan.memory()), layout, lines);
    add("spark", spark(plan.spark()), layout, lines);
    add("results", plan.results().location() + ", " + state(plan.results().state()), layout, lines);
    section("Plan: scoring (computed: shared prefixes once)", scoring(plan), layout, lines);
    section("Plan: generation (bounds: texts may end early)", generation(plan), layout, lines);
    lines.add("");
    lines.addAll(layout.folded("Cost: ", cost(plan.cost())));
    if (plan.time() != null) {
      lines.addAll(layout.folded("Time: ", plan.time().text(plan)));
    }
    rejections(plan, layout, lines);
    plan.notes().forEach(note -> lines.addAll(layout.folded("Note: ", note)));
    return lines;
  }

  private static void add(String label, String text, Layout layout, List<String> lines) {
    lines.addAll(layout.folded(String.format(Locale.ROOT, "  %-9s", label), text));
  }

  private static String architecture(RunPlan.Model model) {
    String experts =
        model.experts() == 0
            ? "no routed experts"
            : model.experts() + " experts, " + model.expertsPerToken() + " a token";
    return String.format(
        Locale.ROOT,
        "%s, %d layers, hidden %d, %s, %d MTP",
        model.modelType(),
        model.layers(),
        model.hiddenSize(),
        experts,
        model.mtpModules());
  }

  private static String parameters(RunPlan.Model model) {
    return Numbers.parameters((double) model.parameters())
        + " parameters, "
        + Numbers.parameters((double) model.activeParameters())
        + " active a token; "
        + Numbers.bytes((double) model.weightBytes())
        + (model.weightsPresent() ? " on disk" : " estimated, no weights here");
  }

  private static String engine(RunPlan.Engine engine) {
    return engine.device()
        + ", "
        + engine.precision()
        + ", at most "
        + Numbers.count(engine.maxLength())
        + " tokens a sequence";
  }

  private static void weights(RunPlan plan, Layout layout, List<String> lines) {
    RunPlan.Memory memory = plan.memory();
    WeightFit fit =
        new WeightFit(
            plan.model().weightBytes(),
            memory.weightBytes(),
            memory.availableForWeightsBytes(),
            plan.engine().weights().equals("streamed"));
    List<String> text = new ArrayList<>();
    add("weights", fit.text(), layout, text);
    text.forEach(line -> lines.add(layout.paint(fit.paint(), line)));
  }

  private static String memory(RunPlan plan) {
    RunPlan.Memory memory = plan.memory();
    String text =
        "batches take at most "
            + Numbers.bytes((double) memory.batchBytes())
            + ": "
            + Numbers.bytes((double) memory.activationBytes())
            + " of activations for "
            + Numbers.count(memory.sliceTokens())
            + " tokens in a layer";
    return memory.passTokens() == memory.sliceTokens()
        ? text
        : text
            + ", "
            + Numbers.bytes((double) memory.stateBytes())
            + " for "
            + Numbers.count(memory.passTokens())
            + " between layers";
  }

  private static String device(DeviceFit fit) {
    return Numbers.bytes((double) fit.weightBytes())
        + (fit.streamed() ? " of weights, copied a layer at a time, and " : " of weights and ")
        + Numbers.bytes((double) fit.workingBytes())
        + " of rows, latents and working memory, of "
        + Numbers.bytes((double) fit.usableBytes());
  }

  private static String latents(RunPlan.Memory memory) {
    return Numbers.count(memory.latentBytesPerToken())
        + " bytes a token (MLA), "
        + Numbers.bytes((double) memory.latentBytesTotal())
        + " for all tokens of the plan; prefixes kept up to "
        + Numbers.count(memory.keptTokens())
        + " tokens";
  }

  private static String spark(RunPlan.Spark spark) {
    return spark.master()
        + ", "
        + Numbers.count(spark.partitions())
        + (spark.partitions() == 1 ? " partition, " : " partitions, ")
        + Numbers.count(spark.slots())
        + " at a time"
        + (spark.executors() == null
            ? ", as many engines as the cluster gives executors"
            : spark.executors() == 1
                ? ", one engine"
                : ", " + Numbers.count(spark.executors()) + " engines")
        + (spark.estimated() ? " (estimated)" : "");
  }

  private static String state(RunPlan.State state) {
    return switch (state) {
      case NEW -> "a new run";
      case FINISHED -> "where this run is complete: it computes nothing and shows its tables";
      case FAILED -> "where this run failed before: it starts again and replaces its tables";
      case INTERRUPTED -> "where this run was broken off: it starts again from the beginning";
    };
  }

  private static TextTable scoring(RunPlan plan) {
    TextTable table =
        new TextTable(
            "task or corpus",
            "asks",
            "shots",
            "documents",
            "requests",
            "submitted",
            "computed",
            "sharing");
    long documents = 0;
    for (RunPlan.Source source : plan.sources()) {
      if (!source.generates()) {
        documents += source.documents();
        table.row(
            row(source.name(), source.asks(), shots(source), source.documents(), source.scoring()));
      }
    }
    if (!table.isEmpty()) {
      table.row(row("all", "", "", documents, plan.total().scoring()));
    }
    return table;
  }

  private static Object[] row(
      String name, String asks, String shots, long documents, RunPlan.Scoring scoring) {
    return new Object[] {
      name,
      asks.replace('_', ' '),
      shots,
      Numbers.count(documents),
      Numbers.count(scoring.requests()),
      Numbers.count(scoring.tokensSubmitted()),
      Numbers.count(scoring.tokensComputed()),
      String.format(Locale.ROOT, "%.2fx", scoring.sharing())
    };
  }

  private static TextTable generation(RunPlan plan) {
    TextTable table =
        new TextTable(
            "task or prompts",
            "shots",
            "documents",
            "requests",
            "prompts",
            "unique",
            "new, each",
            "new, all",
            "computed, at least",
            "at most");
    long documents = 0;
    for (RunPlan.Source source : plan.sources()) {
      if (source.generates()) {
        documents += source.documents();
        table.row(row(source.name(), shots(source), source.documents(), source.generation()));
      }
    }
    if (!table.isEmpty()) {
      table.row(row("all", "", documents, plan.total().generation()));
    }
    return table;
  }

  private static Object[] row(
      String name, String shots, long documents, RunPlan.Generation generation) {
    return new Object[] {
      name,
      shots,
      Numbers.count(documents),
      Numbers.count(generation.requests()),
      Numbers.count(generation.promptTokens()),
      Numbers.count(generation.uniquePromptTokens()),
      Numbers.count(generation.maxNewTokens()),
      Numbers.count(generation.newTokensAtMost()),
      Numbers.count(generation.tokensComputedAtLeast()),
      Numbers.count(generation.tokensComputedAtMost())
    };
  }

  private static String shots(RunPlan.Source source) {
    return source.numFewshot() == null ? "-" : source.numFewshot().toString();
  }

  private static String cost(RunPlan.Cost cost) {
    List<String> parts = new ArrayList<>();
    if (cost.scoringFlops() > 0) {
      parts.add(Numbers.flops(cost.scoringFlops()) + " to score");
    }
    if (cost.generationFlopsAtMost() > 0) {
      parts.add("at most " + Numbers.flops(cost.generationFlopsAtMost()) + " to generate");
    }
    String read =
        cost.scoringWeightBytesRead() == 0
            ? ""
            : "; "
                + Numbers.bytes((double) cost.scoringWeightBytesRead())
                + " of weights read to score, in "
                + Numbers.count(cost.scoringPasses())
                + (cost.scoringPasses() == 1 ? " pass" : " passes");
    return String.join(", ", parts) + " (2 x active parameters x computed tokens)" + read;
  }

  private static void rejections(RunPlan plan, Layout layout, List<String> lines) {
    if (plan.rejections().isEmpty()) {
      return;
    }
    List<String> codes = new ArrayList<>();
    plan.rejections().forEach((code, count) -> codes.add(Numbers.count(count) + " " + code));
    lines.addAll(
        layout.folded(
            "Rejected: ",
            Numbers.count(plan.total().rejectedDocuments())
                + " of "
                + Numbers.count(plan.total().documents())
                + " documents cannot be asked: "
                + String.join(", ", codes)));
  }

  private static void section(String heading, TextTable table, Layout layout, List<String> lines) {
    if (!table.isEmpty()) {
      table.section(heading, layout, lines);
    }
  }
}
