package io.assay.engine;

import io.assay.engine.backend.AttentionForm;
import io.assay.engine.backend.Backend;
import io.assay.engine.backend.BackendProvider;
import io.assay.engine.config.ModelConfig;
import io.assay.engine.generate.GenerateRequest;
import io.assay.engine.generate.GenerateResult;
import io.assay.engine.generate.Generator;
import io.assay.engine.model.LayerSource;
import io.assay.engine.model.MemoryBudget;
import io.assay.engine.model.MtpModule;
import io.assay.engine.model.ResidentLayers;
import io.assay.engine.model.StreamedLayers;
import io.assay.engine.model.Tracer;
import io.assay.engine.model.Transformer;
import io.assay.engine.score.ScoreRequest;
import io.assay.engine.score.ScoreResult;
import io.assay.engine.score.Scorer;
import io.assay.engine.tokenizer.Tokenizer;
import io.assay.engine.trace.ForwardTrace;
import io.assay.engine.weights.ModelWeights;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An opened model, ready to answer. Calls from several threads are answered one after the other;
 * each uses all of the engine's worker threads.
 */
public final class Engine implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Engine.class);

  private static final int MAX_CACHE_SLOTS = 1 << 20;

  private final ReentrantLock lock = new ReentrantLock();
  private final EnginePlan plan;
  private final ModelConfig config;
  private final Backend backend;
  private final LayerSource layers;
  private final Transformer transformer;
  private final List<MtpModule> modules;
  private final Scorer scorer;
  private final Generator generator;

  /** Results in the order of the requests, and what they cost. */
  public record Answers<R>(List<R> results, WorkStats stats) {}

  private Engine(Path source, EnginePlan plan) {
    this.plan = plan;
    this.config = plan.config();
    ModelWeights weights = plan.weights().orElseThrow();
    boolean streamed = plan.weightMode() == WeightMode.STREAMED;
    LOG.info("weights {}: {} bytes in {}", plan.weightMode(), weights.bytes(), source);
    if (!streamed) {
      weights.requireFinite();
    }
    this.backend = BackendProvider.open(config, weights, plan.options());
    this.layers =
        streamed
            ? new StreamedLayers(config, weights, backend)
            : new ResidentLayers(config, weights, backend);
    this.transformer = new Transformer(config, layers, backend);
    this.modules = new ArrayList<>();
    for (int depth = 1; depth <= config.mtpModules(); depth++) {
      modules.add(new MtpModule(transformer, depth));
    }
    long memory = Math.min(plan.memoryBytes(), backend.cacheBytes());
    MemoryBudget budget = plan.budget(memory);
    this.scorer = new Scorer(transformer, modules, budget, plan.maxLength());
    this.generator =
        new Generator(
            transformer,
            modules,
            plan.tokenizer(),
            Generator.CONCURRENCY,
            budget.slice(),
            cacheSlots(config, memory / 2),
            plan.maxLength());
  }

  /** Opens a model folder: configuration, tokenizer, weights and backend. */
  public static Engine open(Path model, EngineOptions options) {
    EnginePlan plan = EnginePlan.openWithWeights(model, options);
    try {
      return new Engine(model, plan);
    } catch (RuntimeException | Error e) {
      plan.close();
      throw e;
    }
  }

  /** As many slots as the memory holds, over all layers. */
  private static int cacheSlots(ModelConfig config, long memory) {
    ModelConfig.Attention a = config.attention();
    long bytes = (long) config.totalLayers() * (a.kvLoraRank() + a.qkRopeHeadDim()) * Float.BYTES;
    return (int) Math.clamp(memory / bytes, 1, MAX_CACHE_SLOTS);
  }

  /** What this engine was opened from. */
  public EnginePlan plan() {
    return plan;
  }

  public ModelConfig config() {
    return config;
  }

  public Tokenizer tokenizer() {
    return plan.tokenizer();
  }

  /**
   * Fingerprint of configuration, weights and tokenizer: equal models, equal string. The first call
   * reads the whole checkpoint.
   */
  public String fingerprint() {
    return plan.fingerprint();
  }

  /** What determines the bits of a result besides the model: backend, precision, version. */
  public String numerics() {
    return plan.numerics();
  }

  public Precision precision() {
    return plan.options().precision();
  }

  /** Name of the backend in use. */
  public String backend() {
    return backend.name();
  }

  /** What the backend computes on, for tables and consoles. */
  public String device() {
    return backend.device();
  }

  /** Where weights are: resident or streamed, as asked for or as chosen. */
  public WeightMode weights() {
    return plan.weightMode();
  }

  /** Longest sequence in tokens. */
  public int maxLength() {
    return plan.maxLength();
  }

  public Answers<ScoreResult> score(List<ScoreRequest> requests, WorkListener listener) {
    lock.lock();
    try {
      ScoreResult[] results = new ScoreResult[requests.size()];
      WorkStats stats = scorer.score(requests, results, listener);
      return new Answers<>(Arrays.asList(results), stats);
    } finally {
      lock.unlock();
    }
  }

  public Answers<GenerateResult> generate(List<GenerateRequest> requests, WorkListener listener) {
    lock.lock();
    try {
      GenerateResult[] results = new GenerateResult[requests.size()];
      WorkStats stats = generator.generate(requests, results, listener);
      return new Answers<>(Arrays.asList(results), stats);
    } finally {
      lock.unlock();
    }
  }

  /**
   * One forward pass over one sequence with everything it computed, prediction modules included.
   */
  public ForwardTrace trace(int[] tokens) {
    return trace(tokens, AttentionForm.EXPANDED);
  }

  /** The same in either form of attention. */
  public ForwardTrace trace(int[] tokens, AttentionForm form) {
    Scorer.requireTokens("trace", tokens, config.vocabSize());
    lock.lock();
    try {
      return Tracer.trace(transformer, modules, tokens, form);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    lock.lock();
    try {
      layers.close();
      backend.close();
      plan.close();
    } finally {
      lock.unlock();
    }
  }
}
