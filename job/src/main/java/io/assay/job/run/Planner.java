package io.assay.job.run;

import io.assay.engine.EnginePlan;
import io.assay.engine.WeightMode;
import io.assay.engine.backend.tornado.sdk.RunningJvm;
import io.assay.engine.config.ModelConfig;
import io.assay.engine.inspect.ModelInspection;
import io.assay.engine.model.MemoryBudget;
import io.assay.engine.weights.ProcessMemory;
import io.assay.engine.weights.StreamBytes;
import io.assay.eval.request.Encoding;
import io.assay.job.answer.Encodings;
import io.assay.job.config.RunConfig;
import io.assay.job.data.HadoopFiles;
import io.assay.job.plan.RunPlan;
import io.assay.job.spark.EngineSpec;
import io.assay.job.spark.Mllib;
import io.assay.job.spark.Sessions;
import io.assay.job.table.RunFolders;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.SparkConf;

/**
 * Plans a run. {@link #plan(RunConfig, int)} takes the steps of a run up to its first question, in
 * their order and with their errors, without Spark and without reading weights; the run makes its
 * own plan of what it found by the same figures.
 */
public final class Planner {
  /** Stands in request ids for what only reading all weights would tell; nothing sees the ids. */
  private static final String NO_FINGERPRINT = "";

  private final RunConfig config;
  private final EnginePlan engine;
  private final Encoding encoding;
  private final Parallelism parallelism;
  private final RunPlan.Results results;

  /**
   * @param results where the tables go
   */
  Planner(
      RunConfig config,
      EnginePlan engine,
      Encoding encoding,
      Parallelism parallelism,
      RunPlan.Results results) {
    this.config = config;
    this.engine = engine;
    this.encoding = encoding;
    this.parallelism = parallelism;
    this.results = results;
  }

  /**
   * Plans what a run would do.
   *
   * @param threads worker threads of each engine, 0 to follow the master
   */
  public static RunPlan plan(RunConfig config, int threads) {
    EngineSpec spec = EngineSpec.of(config, threads);
    try (EnginePlan engine = EnginePlan.open(Path.of(spec.model()), spec.options())) {
      if (engine.backend().equals("tornado") && Sessions.isLocal(Sessions.master(config))) {
        // On a cluster the driver needs no device; here it is the one that computes.
        RunningJvm.requireTornado();
      }
      MtpPerplexity.requireModules(config, engine.config());
      Mllib.require(config, engine.config());
      Encoding encoding = Encodings.of(engine, config.model().addBos());
      SparkConf spark = Sessions.conf(config);
      HadoopFiles files = new HadoopFiles(Sessions.hadoop(spark));
      Requests requests = new Requests(config, files, encoding, NO_FINGERPRINT, engine.numerics());
      Parallelism parallelism = Parallelism.of(spark);
      RunFolders folders = new RunFolders(Sessions.hadoop(spark), config.results(), config.id());
      folders.requireWritable();
      Baselines.requireNamed(config, Sessions.hadoop(spark));
      EarlierRun earlier = EarlierRun.of(folders);
      earlier.requireSame(config, folders, null, engine.numerics());
      Workload work = requests.build();
      RunPlan.Results results = new RunPlan.Results(folders.location(), earlier.state());
      return new Planner(config, engine, encoding, parallelism, results)
          .plan(work, Partitions.cut(work.requests(), parallelism.slots()), unread(engine));
    }
  }

  private static List<String> unread(EnginePlan engine) {
    return engine.weights().isEmpty()
        ? List.of(
            "the model folder has no weights: their size is estimated, and run will refuse the"
                + " folder (MODEL_NOT_FOUND) until they are there")
        : List.of(
            "weights were not read: a NaN or infinity among them, and a finished run of another"
                + " model under this id, show when the run opens the model");
  }

  /**
   * The plan of a workload.
   *
   * @param partitions all of its requests, cut
   * @param notes what the caller could not know
   */
  RunPlan plan(Workload work, List<List<NumberedRequest>> partitions, List<String> notes) {
    ModelInspection inspection = engine.inspection();
    long batchBytes =
        parallelism.local()
            ? engine.memoryBytes()
            : EnginePlan.memoryBytes(parallelism.heapBytes());
    MemoryBudget budget = engine.budget(batchBytes);
    WorkCost counted =
        new WorkCost(
            engine,
            budget,
            speculative() ? engine.config().mtpModules() : 0,
            config.statistics().mtpPerplexity());
    partitions.forEach(counted::add);
    RunPlan.Total total =
        new RunPlan.Total(
            work.documents(),
            work.failedDocuments(),
            work.requests().size(),
            counted.scoring(),
            counted.generation());
    RunPlan.Cost cost = cost(counted, inspection, total);
    List<String> all = new ArrayList<>(notes);
    all.addAll(PlanNotes.of(config, engine, parallelism, total));
    return new RunPlan(
        RunPlan.SCHEMA_VERSION,
        config.id(),
        results,
        model(inspection),
        engine(),
        memory(inspection, budget, batchBytes, total),
        parallelism.describe(partitions.size()),
        sources(work, counted),
        total,
        cost,
        rejections(work),
        List.copyOf(all));
  }

  private boolean speculative() {
    return config.generation().speculative() && engine.config().mtpModules() > 0;
  }

  private RunPlan.Model model(ModelInspection inspection) {
    ModelConfig model = engine.config();
    ModelConfig.Routing routing = model.ffn().routing();
    return new RunPlan.Model(
        config.model().path().toString(),
        model.modelType(),
        model.numLayers(),
        model.hiddenSize(),
        routing == null ? 0 : routing.experts(),
        routing == null ? 0 : routing.perToken(),
        model.mtpModules(),
        inspection.main().total(),
        inspection.main().active(),
        inspection.mtp().total(),
        inspection.storage().bytes(),
        engine.weights().isPresent());
  }

  private RunPlan.Engine engine() {
    return new RunPlan.Engine(
        engine.backend(),
        engine.device(),
        config.model().precision().name().toLowerCase(Locale.ROOT),
        engine.weightMode().name().toLowerCase(Locale.ROOT),
        encoding.maxLength(),
        encoding.addBos(),
        speculative());
  }

  private boolean streamed() {
    return engine.weightMode() == WeightMode.STREAMED;
  }

  private RunPlan.Memory memory(
      ModelInspection inspection, MemoryBudget budget, long batchBytes, RunPlan.Total total) {
    MemoryBudget.RowBytes row = MemoryBudget.RowBytes.of(engine.config());
    long tokens = total.scoring().tokensComputed() + total.generation().tokensSubmittedAtMost();
    return new RunPlan.Memory(
        streamed() ? engine.streamBytes().resident() : inspection.storage().bytes(),
        ProcessMemory.availableForWeights(),
        batchBytes,
        budget.slice(),
        budget.slice() * row.slice(),
        budget.pass(),
        budget.pass() * row.pass(),
        budget.kept(),
        row.latents(),
        tokens * row.latents());
  }

  private RunPlan.Cost cost(WorkCost work, ModelInspection inspection, RunPlan.Total total) {
    double flopsPerToken = 2.0 * inspection.main().active();
    long read = 0;
    if (streamed() && work.passes() > 0) {
      StreamBytes stream = engine.streamBytes();
      int engines = parallelism.executors() == null ? 1 : parallelism.executors();
      read = stream.read(work.passes()) + (engines - 1) * stream.embedding();
    }
    return new RunPlan.Cost(
        work.passes(),
        read,
        flopsPerToken,
        flopsPerToken * total.scoring().tokensComputed(),
        flopsPerToken * total.generation().tokensComputedAtMost());
  }

  private static List<RunPlan.Source> sources(Workload work, WorkCost cost) {
    List<RunPlan.Source> sources = new ArrayList<>();
    for (Workload.TaskWork task : work.tasks()) {
      String name = task.spec().name();
      sources.add(
          new RunPlan.Source(
              "task",
              name,
              task.spec().outputType().name().toLowerCase(Locale.ROOT),
              task.spec().numFewshot(),
              task.items().size(),
              cost.scoring(name),
              cost.generation(name)));
    }
    for (Workload.CorpusWork corpus : work.corpora()) {
      String name = Requests.corpusTask(corpus.name());
      sources.add(
          new RunPlan.Source(
              "corpus",
              name,
              "rolling_perplexity",
              null,
              corpus.documents().size(),
              cost.scoring(name),
              cost.generation(name)));
    }
    for (Workload.PromptWork prompts : work.prompts()) {
      sources.add(
          new RunPlan.Source(
              "prompts",
              prompts.task(),
              RunPlan.GENERATE_UNTIL,
              null,
              prompts.documents(),
              cost.scoring(prompts.task()),
              cost.generation(prompts.task())));
    }
    return List.copyOf(sources);
  }

  private static Map<String, Long> rejections(Workload work) {
    Map<String, Long> byCode = new TreeMap<>();
    work.failures().forEach(failed -> byCode.merge(failed.code(), 1L, Long::sum));
    return byCode;
  }
}
