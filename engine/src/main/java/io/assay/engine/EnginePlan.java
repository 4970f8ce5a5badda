package io.assay.engine;

import io.assay.engine.backend.BackendProvider;
import io.assay.engine.backend.DeviceFit;
import io.assay.engine.checkpoint.Checkpoint;
import io.assay.engine.config.ConfigReader;
import io.assay.engine.config.ModelConfig;
import io.assay.engine.inspect.ModelInspection;
import io.assay.engine.inspect.Storage;
import io.assay.engine.model.MemoryBudget;
import io.assay.engine.tokenizer.Tokenizer;
import io.assay.engine.weights.ModelWeights;
import io.assay.engine.weights.ProcessMemory;
import io.assay.engine.weights.StreamBytes;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * An engine as far as it is known before a weight is read: configuration, tokenizer, headers of the
 * weights, and what is decided from them. Every engine is opened from one, so what is planned with
 * it is what the engine does.
 */
public final class EnginePlan implements AutoCloseable {
  /** Changes whenever a change to the engine may change a bit of a result. */
  private static final String NUMERICS_VERSION = "1";

  private final ModelConfig config;
  private final EngineOptions options;
  private final Tokenizer tokenizer;
  private final Checkpoint checkpoint; // null without weights
  private final ModelWeights weights; // null without weights
  private final WeightMode weightMode;
  private final EngineOptions decided; // options with the backend that is chosen

  private EnginePlan(
      Path model,
      ModelConfig config,
      EngineOptions options,
      Tokenizer tokenizer,
      Checkpoint checkpoint) {
    this.config = config;
    this.options = options;
    this.tokenizer = tokenizer;
    this.checkpoint = checkpoint;
    this.weights =
        checkpoint == null ? null : new ModelWeights(config, checkpoint, model.toString());
    this.weightMode =
        options
            .weights()
            .resolve(
                weights == null ? ModelInspection.of(config).storage().bytes() : weights.bytes(),
                ProcessMemory.availableForWeights());
    this.decided = options.withBackend(decide());
  }

  private String decide() {
    return options.backend().equals(BackendProvider.AUTO)
        ? BackendProvider.chosen(config, weights, options)
        : BackendProvider.name(options);
  }

  /**
   * Plans with a model folder, whose weights may be missing altogether: then their size is
   * estimated.
   *
   * @throws EngineException as {@link Engine#open} for everything that is wrong besides the values
   *     of weights
   */
  public static EnginePlan open(Path model, EngineOptions options) {
    return open(model, options, Checkpoint.exists(model));
  }

  /** The same for a folder whose weights must be there. */
  public static EnginePlan openWithWeights(Path model, EngineOptions options) {
    return open(model, options, /* weights= */ true);
  }

  private static EnginePlan open(Path model, EngineOptions options, boolean weights) {
    ModelConfig config = ConfigReader.read(model);
    Tokenizer tokenizer = Tokenizer.open(model);
    Checkpoint checkpoint = null;
    try {
      checkpoint = weights ? Checkpoint.open(model, options.overlay()) : null;
      BackendProvider.name(options);
      return new EnginePlan(model, config, options, tokenizer, checkpoint);
    } catch (RuntimeException | Error e) {
      tokenizer.close();
      if (checkpoint != null) {
        checkpoint.close();
      }
      throw e;
    }
  }

  public ModelConfig config() {
    return config;
  }

  public EngineOptions options() {
    return options;
  }

  public Tokenizer tokenizer() {
    return tokenizer;
  }

  Checkpoint checkpoint() {
    return checkpoint;
  }

  /** Empty if the folder has none. */
  public Optional<ModelWeights> weights() {
    return Optional.ofNullable(weights);
  }

  /** Where weights will be: resident or streamed. */
  public WeightMode weightMode() {
    return weightMode;
  }

  /** Longest sequence in tokens. */
  public int maxLength() {
    return options.maxLength() > 0 ? options.maxLength() : config.maxPositions();
  }

  /**
   * Fingerprint of configuration, weights and tokenizer: equal models, equal string. The first call
   * reads the whole checkpoint, which has to be there.
   */
  public String fingerprint() {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(config.toString().getBytes(StandardCharsets.UTF_8));
      digest.update(checkpoint.fingerprint().getBytes(StandardCharsets.UTF_8));
      digest.update(tokenizer.fingerprint().getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** What determines the bits of a result besides the model: backend, precision, version. */
  public String numerics() {
    return numerics(backend());
  }

  /** The same for a backend that was opened. */
  String numerics(String backend) {
    return backend + "-" + options.precision() + "-" + NUMERICS_VERSION;
  }

  /** Name of the backend that will be used. */
  public String backend() {
    return decided.backend();
  }

  /** Options to open it with: {@code auto} only if a GPU is to be tried. */
  EngineOptions opening() {
    return backend().equals(BackendProvider.CPU) ? decided : options;
  }

  /** What it will compute on. */
  public String device() {
    return BackendProvider.device(config, decided);
  }

  /**
   * What the model takes of its device's own memory; empty without such a device, without one that
   * this process sees, and without weights.
   *
   * @throws EngineException {@code OUT_OF_MEMORY} if it does not fit
   */
  public Optional<DeviceFit> deviceFit() {
    return weights != null && BackendProvider.seesDevice(decided)
        ? Optional.of(BackendProvider.fit(config, weights, decided))
        : Optional.empty();
  }

  /** Parameters, sizes and cache of the model. */
  public ModelInspection inspection() {
    return checkpoint == null ? ModelInspection.of(config) : ModelInspection.of(config, checkpoint);
  }

  /** What streaming the weights takes; estimated if there are none. */
  public StreamBytes streamBytes() {
    return weights == null
        ? StreamBytes.of(config, tensor -> Storage.estimate(List.of(tensor)).bytes())
        : weights.streamBytes();
  }

  /**
   * Bytes that scoring may fill with activations and latents: no more than a device keeps of
   * latents, if one is chosen and this process sees it.
   */
  public long memoryBytes() {
    return memoryBytes(Runtime.getRuntime().maxMemory());
  }

  /** The same for an engine in a process with a heap of this size. */
  public long memoryBytes(long heap) {
    long bytes = options.batchBytes(heap);
    return Math.min(bytes, BackendProvider.cacheBytes(config, decided, bytes));
  }

  /** Rows computed at a time with this much memory. */
  public MemoryBudget budget(long bytes) {
    return MemoryBudget.of(config, bytes, weightMode == WeightMode.STREAMED, options.batchRows());
  }

  @Override
  public void close() {
    if (checkpoint != null) {
      checkpoint.close();
    }
    tokenizer.close();
  }
}
