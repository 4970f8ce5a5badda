package io.assay.job.run;

import io.assay.engine.EnginePlan;
import io.assay.engine.WeightMode;
import io.assay.engine.config.ModelConfig;
import io.assay.job.cache.ModelSource;
import io.assay.job.config.RunConfig;
import io.assay.job.console.Numbers;
import io.assay.job.plan.RunPlan;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/** What a plan cannot know, and what will become of the run if nothing changes. */
final class PlanNotes {
  private PlanNotes() {}

  static List<String> of(
      RunConfig config, EnginePlan engine, Parallelism parallelism, RunPlan.Total total) {
    List<String> notes = new ArrayList<>();
    if (total.generation().requests() > 0) {
      notes.add(
          "how long generated texts get, and how many drafts are accepted, is not known before:"
              + " figures of generation are bounds");
    }
    if (total.generation().requests() > 0 && engine.weightMode() == WeightMode.STREAMED) {
      notes.add(
          "streamed weights are read again for every step of a generation: "
              + Numbers.bytes((double) engine.streamBytes().pass())
              + " a step, at most "
              + Numbers.count(total.generation().maxNewTokens())
              + " steps for requests answered together");
    }
    ModelConfig model = engine.config();
    if (config.statistics().experts()
        && IntStream.range(0, model.totalLayers()).noneMatch(model::routed)) {
      notes.add(
          "statistics.experts: no layer of the model has routed experts, there is nothing to write"
              + " of them");
    }
    if (config.statistics().mtp() && model.mtpModules() == 0 && total.generation().requests() > 0) {
      notes.add("statistics.mtp: the model has no MTP modules, nothing is drafted");
    }
    if (config.statistics().mtpPerplexity()) {
      notes.add(
          "statistics.mtp_perplexity: the model's MTP modules score the corpora too, about "
              + Numbers.decimal(
                  100 * MtpRows.draftCost(engine.inspection(), engine.config().mtpModules()))
              + " % more work for each of their tokens; costs do not include it");
    }
    if (config.statistics().mtpTiming() && total.generation().requests() > 0) {
      notes.add(
          "statistics.mtp_timing: a few texts of each task are made six times more, one at a time;"
              + " costs do not include it");
    }
    if (!parallelism.local()) {
      notes.add(
          "executors were not asked: resident or streamed is decided by this machine's memory here"
              + " and by theirs there, and a batch by spark.executor.memory"
              + (engine.backend().equals("tornado") ? " and the memory of their GPUs" : ""));
    }
    ModelSource source = config.model().source();
    if (source.isRemote()) {
      notes.add(
          "run copies the model, "
              + Numbers.bytes((double) engine.inspection().storage().bytes())
              + ", once to "
              + source.cacheFolder()
              + (parallelism.local()
                  ? ""
                  : " of each machine with executors and of this one: its fingerprint is that of"
                      + " all bytes")
              + "; a copy that is there already is used again");
    }
    if (parallelism.estimated()) {
      notes.add("the cluster decides how many tasks run at a time, and thereby how many there are");
    }
    if (total.rejectedDocuments() > config.maxFailures() * total.documents()) {
      notes.add(
          String.format(
              Locale.ROOT,
              "the run will fail at its end: %,d of %,d documents cannot be asked,"
                  + " failures.max_fraction allows %s",
              total.rejectedDocuments(),
              total.documents(),
              config.maxFailures()));
    }
    return notes;
  }
}
