package io.assay.engine.inspect;

import io.assay.engine.EngineException;
import io.assay.engine.checkpoint.Checkpoint;
import io.assay.engine.config.ConfigReader;
import io.assay.engine.config.ExpectedTensor;
import io.assay.engine.config.ExpectedTensors;
import io.assay.engine.config.ModelConfig;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * What a model is and what it takes, found without computing anything.
 *
 * @param config the architecture
 * @param main parameters of the main model
 * @param mtp parameters of the MTP modules, all 0 when there are none
 * @param storage size of the weights: measured where a checkpoint is there, else estimated
 * @param kvCache cache sizes with MHA, GQA, MQA and MLA, all of {@link KvCache#variants}
 * @param audit the checkpoint against the architecture; empty when only config.json was there
 * @param overlaid names of the tensors that an overlay replaced, ascending; empty without one
 */
public record ModelInspection(
    ModelConfig config,
    ParameterCount main,
    ParameterCount mtp,
    Storage storage,
    List<KvCache> kvCache,
    Optional<TensorAudit> audit,
    List<String> overlaid) {

  /**
   * Inspects a model folder, with or without weights, or a config.json.
   *
   * @param overlay what replaces some of the weights, or null
   * @throws EngineException when the configuration is invalid or not supported, or the weights are
   *     malformed; weights that do not fit the configuration are findings of the audit
   */
  public static ModelInspection of(Path folderOrConfig, Path overlay) {
    ModelConfig config = ConfigReader.read(folderOrConfig);
    // Without weights there is nothing an overlay could replace: opening then says so.
    if (overlay == null && !Checkpoint.exists(folderOrConfig)) {
      return of(config);
    }
    try (Checkpoint checkpoint = Checkpoint.open(folderOrConfig, overlay)) {
      return of(config, checkpoint);
    }
  }

  /** The same without an overlay. */
  public static ModelInspection of(Path folderOrConfig) {
    return of(folderOrConfig, null);
  }

  /** Inspects an architecture alone. */
  public static ModelInspection of(ModelConfig config) {
    Collection<ExpectedTensor> tensors = ExpectedTensors.of(config).values();
    return of(config, tensors, Storage.estimate(tensors), Optional.empty(), List.of());
  }

  /** Inspects an architecture and its weights. */
  public static ModelInspection of(ModelConfig config, Checkpoint checkpoint) {
    return of(
        config,
        ExpectedTensors.of(config).values(),
        Storage.of(checkpoint),
        Optional.of(TensorAudit.of(config, checkpoint)),
        List.copyOf(checkpoint.overlaid()));
  }

  private static ModelInspection of(
      ModelConfig config,
      Collection<ExpectedTensor> tensors,
      Storage storage,
      Optional<TensorAudit> audit,
      List<String> overlaid) {
    return new ModelInspection(
        config,
        ParameterCount.ofMain(config, tensors),
        ParameterCount.ofMtp(config, tensors),
        storage,
        KvCache.variants(config),
        audit,
        overlaid);
  }

  /** Whether the engine can run what is there; true for a supported config.json alone. */
  public boolean supported() {
    return audit.map(TensorAudit::complete).orElse(true);
  }

  /** The cache of this model's own attention. */
  public KvCache mla() {
    return kvCache.stream()
        .filter(cache -> cache.variant().equals(KvCache.LATENT))
        .findFirst()
        .orElseThrow();
  }

  /** Bytes of weights and of one cached sequence of {@code tokens} tokens. */
  public long memoryBytes(long tokens) {
    return storage.bytes() + tokens * mla().bytesPerToken();
  }
}
