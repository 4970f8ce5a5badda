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
import io.assay.job.RunFailedException;
import io.assay.job.answer.Encodings;
import io.assay.job.config.RunConfig;
import io.assay.job.data.HadoopFiles;
import io.assay.job.plan.RunPlan;
import io.assay.job.plan.WorkCost;
import io.assay.job.request.PlacedSlice;
import io.assay.job.request.RequestSpec;
import io.assay.job.request.Slice;
import io.assay.job.request.SliceMaker;
import io.assay.job.request.SlicePlan;
import io.assay.job.request.SliceSpec;
import io.assay.job.request.Source;
import io.assay.job.request.Sources;
import io.assay.job.request.Stripe;
import io.assay.job.spark.EngineSpec;
import io.assay.job.spark.Mllib;
import io.assay.job.spark.Sessions;
import io.assay.job.table.RunFolders;
import io.assay.job.wave.Waves;
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
      MtpRows.requireModules(config, engine.config());
      Mllib.require(config, engine.config());
      Encoding encoding = Encodings.of(engine, config.model().addBos());
      SparkConf spark = Sessions.conf(config);
      HadoopFiles files = new HadoopFiles(Sessions.hadoop(spark));
      RequestSpec requests = RequestSpec.of(config, NO_FINGERPRINT, engine.numerics());
      Sources sources = Sources.of(requests, files, encoding);
      Parallelism parallelism = Parallelism.of(spark);
      RunFolders folders = new RunFolders(Sessions.hadoop(spark), config.results(), config.id());
      folders.requireWritable();
      Baselines.requireNamed(config, Sessions.hadoop(spark));
      EarlierRun earlier = EarlierRun.of(folders);
      earlier.requireSame(config, folders, null, engine.numerics());
      Baselines.requireSelected(config.gates(), sources);
      SliceSpec slices =
          SliceSpec.of(config, requests, spec, engine, batchBytes(engine, parallelism));
      RunPlan.Results results = new RunPlan.Results(folders.location(), earlier.state());
      return new Planner(config, engine, encoding, parallelism, results)
          .plan(sources, read(config, sources, slices, engine), unread(engine));
    }
  }

  /** All slices, read here and kept nowhere. */
  private static SlicePlan read(
      RunConfig config, Sources sources, SliceSpec spec, EnginePlan engine) {
    SliceMaker maker = new SliceMaker(spec, engine);
    List<Slice> slices = new ArrayList<>();
    for (int i = 0; i < sources.list().size(); i++) {
      maker.read(i, sources.list().get(i), Stripe.WHOLE, content -> null, slices::add);
    }
    SlicePlan plan = SlicePlan.of("", slices, SlicePlanning.batchTokens(config.statistics()));
    requireDocuments(plan);
    return plan;
  }

  /**
   * Refuses a run about nothing.
   *
   * @throws RunFailedException saying so
   */
  static void requireDocuments(SlicePlan plan) {
    if (plan.documents() == 0) {
      throw new RunFailedException(
          "there is nothing to ask: no task, corpus or prompts of the run hold a document");
    }
  }

  /** Memory of the batches of an engine of the run. */
  static long batchBytes(EnginePlan engine, Parallelism parallelism) {
    return parallelism.local() ? engine.memoryBytes() : engine.memoryBytes(parallelism.heapBytes());
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
   * The plan of a run's slices.
   *
   * @param notes what the caller could not know
   */
  RunPlan plan(Sources sources, SlicePlan slices, List<String> notes) {
    ModelInspection inspection = engine.inspection();
    long batchBytes = batchBytes(engine, parallelism);
    MemoryBudget budget = engine.budget(batchBytes);
    List<WorkCost> costs = new ArrayList<>();
    List<Long> documents = new ArrayList<>();
    for (int i = 0; i < sources.list().size(); i++) {
      costs.add(WorkCost.NONE);
      documents.add(0L);
    }
    WorkCost all = WorkCost.NONE;
    Map<String, Long> rejections = new TreeMap<>();
    List<PlacedSlice> asked = new ArrayList<>();
    for (PlacedSlice placed : slices.slices()) {
      Slice slice = placed.slice();
      all = all.plus(slice.cost());
      costs.set(slice.source(), costs.get(slice.source()).plus(slice.cost()));
      documents.set(slice.source(), documents.get(slice.source()) + slice.read());
      slice.rejections().forEach((code, count) -> rejections.merge(code, count, Long::sum));
      if (slice.requests() > 0) {
        asked.add(placed);
      }
    }
    RunPlan.Total total =
        new RunPlan.Total(
            slices.documents(),
            slices.failedDocuments(),
            slices.requests(),
            all.scoring(),
            all.generation());
    RunPlan.Cost cost = cost(all, inspection, total);
    List<String> everything = new ArrayList<>(notes);
    everything.addAll(PlanNotes.of(config, engine, parallelism, total));
    return new RunPlan(
        RunPlan.SCHEMA_VERSION,
        config.id(),
        results,
        model(inspection),
        engine(),
        memory(inspection, budget, batchBytes, total),
        parallelism.describe(Waves.tasks(asked, parallelism.slots())),
        sources(sources, documents, costs),
        total,
        cost,
        rejections,
        List.copyOf(everything));
  }

  private boolean speculative() {
    return config.generation().speculative() && engine.config().mtpModules() > 0;
  }

  private RunPlan.Model model(ModelInspection inspection) {
    ModelConfig model = engine.config();
    ModelConfig.Routing routing = model.ffn().routing();
    return new RunPlan.Model(
        config.model().source().model(),
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
        tokens * row.latents(),
        // Executors have devices of their own.
        parallelism.local() ? engine.deviceFit().orElse(null) : null);
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

  private static List<RunPlan.Source> sources(
      Sources sources, List<Long> documents, List<WorkCost> costs) {
    List<RunPlan.Source> planned = new ArrayList<>();
    for (int i = 0; i < sources.list().size(); i++) {
      Source source = sources.list().get(i);
      planned.add(
          new RunPlan.Source(
              source.kind().label(),
              source.name(),
              asks(source),
              source.spec() == null ? null : source.spec().numFewshot(),
              documents.get(i),
              costs.get(i).scoring(),
              costs.get(i).generation()));
    }
    return List.copyOf(planned);
  }

  private static String asks(Source source) {
    return switch (source.kind()) {
      case TASK -> source.spec().outputType().name().toLowerCase(Locale.ROOT);
      case CORPUS -> "rolling_perplexity";
      case PROMPTS -> RunPlan.GENERATE_UNTIL;
    };
  }
}
