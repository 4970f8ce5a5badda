package io.assay.job.run;

import io.assay.datasets.task.TaskSpec;
import io.assay.engine.Engine;
import io.assay.engine.config.ModelConfig;
import io.assay.job.config.RunConfig;
import io.assay.job.console.Console;
import io.assay.job.console.Numbers;
import io.assay.job.console.TextTable;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** What a run is going to do, for the console. */
record Plan(RunConfig config, Engine engine, Workload work) {

  void print(Console console) {
    ModelConfig model = engine.config();
    console.line("Run " + config.id());
    console.line("  model    " + config.model().path() + " (" + describe(model) + ")");
    console.line(
        "  engine   "
            + engine.backend()
            + " on "
            + engine.device()
            + ", weights "
            + engine.weights().name().toLowerCase(Locale.ROOT));
    Map<String, long[]> counts = new HashMap<>();
    for (NumberedRequest request : work.requests()) {
      long[] count = counts.computeIfAbsent(request.request().task(), task -> new long[2]);
      count[0]++;
      count[1] += request.tokens();
    }
    TextTable table =
        new TextTable("task or corpus", "asks", "shots", "documents", "requests", "tokens");
    for (Workload.TaskWork task : work.tasks()) {
      TaskSpec spec = task.spec();
      long[] count = counts.getOrDefault(spec.name(), new long[2]);
      table.row(
          spec.name(),
          spec.outputType().name().toLowerCase(Locale.ROOT),
          spec.numFewshot(),
          Numbers.count(task.items().size()),
          Numbers.count(count[0]),
          Numbers.count(count[1]));
    }
    for (Workload.CorpusWork corpus : work.corpora()) {
      String name = Requests.corpusTask(corpus.name());
      long[] count = counts.getOrDefault(name, new long[2]);
      table.row(
          name,
          "rolling perplexity",
          "-",
          Numbers.count(corpus.documents().size()),
          Numbers.count(count[0]),
          Numbers.count(count[1]));
    }
    table.row(
        "all",
        "",
        "",
        Numbers.count(work.documents()),
        Numbers.count(work.requests().size()),
        Numbers.count(work.tokens()));
    console.table("Plan (tokens before shared prefixes are computed once)", table);
    if (!work.failures().isEmpty()) {
      console.line(
          "  "
              + Numbers.count(work.failures().size())
              + " documents cannot be asked: see failures");
    }
    console.line("");
  }

  private static String describe(ModelConfig model) {
    ModelConfig.Routing routing = model.ffn().routing();
    String experts =
        routing == null
            ? "no routed experts"
            : routing.experts() + " experts, " + routing.perToken() + " a token";
    return String.format(
        Locale.ROOT,
        "%s, %d layers, hidden %d, %s, %d MTP",
        model.modelType(),
        model.numLayers(),
        model.hiddenSize(),
        experts,
        model.mtpModules());
  }
}
