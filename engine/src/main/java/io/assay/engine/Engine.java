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
import java.util.function.Supplier;
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

  Engine(EnginePlan plan, Backend backend, LayerSource layers) {
    this.plan = plan;
    this.config = plan.config();
    this.backend = backend;
    this.layers = layers;
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

  /**
   * Opens a model folder: configuration, tokenizer, weights and backend.
   *
   * @throws EngineException if that is not possible; nothing stays open then
   */
  public static Engine open(Path model, EngineOptions options) {
    EnginePlan plan = EnginePlan.openWithWeights(model, options);
    Backend backend = null;
    LayerSource layers = null;
    try {
      ModelWeights weights = plan.weights().orElseThrow();
      boolean streamed = plan.weightMode() == WeightMode.STREAMED;
      LOG.info("weights {}: {} bytes in {}", plan.weightMode(), weights.bytes(), model);
      if (!streamed) {
        weights.requireFinite();
      }
      backend = BackendProvider.open(plan.config(), weights, plan.opening());
      layers =
          streamed
              ? new StreamedLayers(plan.config(), weights, backend)
              : new ResidentLayers(plan.config(), weights, backend);
      return new Engine(plan, backend, layers);
    } catch (RuntimeException | Error e) {
      if (layers != null) {
        layers.close();
      }
      if (backend != null) {
        backend.close();
      }
      plan.close();
      if (e instanceof OutOfMemoryError full) {
        throw outOfMemory("what the heap keeps of the model in " + model, full);
      }
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
    return plan.numerics(backend.name());
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

  /**
   * Scores all requests together.
   *
   * @throws EngineException {@code REQUEST_INVALID}, or {@code OUT_OF_MEMORY} if the heap has not
   *     enough for them; the engine answers fewer, or smaller ones, as if nothing had been asked
   */
  public Answers<ScoreResult> score(List<ScoreRequest> requests, WorkListener listener) {
    return alone(
        together(requests.size(), "request"),
        () -> {
          ScoreResult[] results = new ScoreResult[requests.size()];
          WorkStats stats = scorer.score(requests, results, listener);
          return new Answers<>(Arrays.asList(results), stats);
        });
  }

  /**
   * Continues all prompts together.
   *
   * @throws EngineException as {@link #score}
   */
  public Answers<GenerateResult> generate(List<GenerateRequest> requests, WorkListener listener) {
    return alone(
        together(requests.size(), "prompt"),
        () -> {
          GenerateResult[] results = new GenerateResult[requests.size()];
          WorkStats stats = generator.generate(requests, results, listener);
          return new Answers<>(Arrays.asList(results), stats);
        });
  }

  /**
   * One call at a time. All that a call needs besides the weights is its own, so a full heap is
   * empty again when it has failed, and a device that ran out of memory is asked once more for the
   * whole call when it works in smaller pieces: results do not depend on where rows are cut.
   */
  private <R> R alone(String asked, Supplier<R> call) {
    lock.lock();
    try {
      while (true) {
        try {
          return call.get();
        } catch (EngineException e) {
          if (e.code() != ErrorCode.OUT_OF_MEMORY || !backend.shrink(e)) {
            throw e;
          }
          LOG.warn("{}: {}; done again in smaller pieces", asked, e.getMessage());
        }
      }
    } catch (OutOfMemoryError e) {
      throw outOfMemory(asked, e);
    } finally {
      lock.unlock();
    }
  }

  private static String together(int count, String what) {
    return count == 1 ? "a " + what : count + " " + what + "s together";
  }

  private static EngineException outOfMemory(String asked, OutOfMemoryError e) {
    return new EngineException(
        ErrorCode.OUT_OF_MEMORY,
        asked
            + ": the Java heap of "
            + Runtime.getRuntime().maxMemory() / (1 << 20)
            + " MiB is too small ("
            + e.getMessage()
            + "); ask fewer or shorter ones at a time, or give the process more memory (-Xmx)",
        e);
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
    return alone(
        tokens.length + " tokens with everything computed for them",
        () -> Tracer.trace(transformer, modules, tokens, form));
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
