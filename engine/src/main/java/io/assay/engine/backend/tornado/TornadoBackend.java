package io.assay.engine.backend.tornado;

import io.assay.engine.EngineException;
import io.assay.engine.backend.AttentionForm;
import io.assay.engine.backend.Backend;
import io.assay.engine.backend.BranchObserver;
import io.assay.engine.backend.HeadResult;
import io.assay.engine.backend.RowRouting;
import io.assay.engine.config.ModelConfig;
import io.assay.engine.trie.Batch;
import io.assay.engine.weights.LayerWeights;
import io.assay.engine.weights.ModelWeights;
import io.assay.engine.weights.MtpWeights;

/**
 * The model on an accelerator, by TornadoVM: one graph of kernels for each kind of block, which
 * serves all layers. Weights, latents and the residual stream stay on the device; of rows come back
 * what the head finds, and once a batch where the router sent them. Products are fp32 whatever
 * weights are stored as.
 */
public final class TornadoBackend implements Backend {
  /** The name users choose it by. */
  public static final String NAME = "tornado";

  private record TornadoMtp(int depth, PlacedLayer block, DeviceCombine.Module module)
      implements Mtp {}

  private final ModelConfig config;
  private final KernelRunner runner;
  private final DeviceModel model;
  private final SlotSpace slots;

  /**
   * @param hostStreamed whether the weights of blocks are only in the process while they are used
   * @param latents bytes that caches are to have, if the device has them
   */
  TornadoBackend(
      ModelConfig config,
      ModelWeights weights,
      KernelRunner runner,
      boolean hostStreamed,
      long latents) {
    this.config = config;
    this.runner = runner;
    this.model = new DeviceModel(config, weights, runner, hostStreamed, latents);
    this.slots = new SlotSpace(model.attention().slots());
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public String device() {
    return runner.device();
  }

  @Override
  public Layer prepare(LayerWeights weights) {
    return model.layer(weights.index());
  }

  @Override
  public Mtp prepare(MtpWeights weights) {
    return new TornadoMtp(
        weights.depth(), model.layer(weights.block().index()), model.module(weights.depth()));
  }

  @Override
  public Cache cache(int count) {
    return slots.take(count);
  }

  @Override
  public long cacheBytes() {
    return model.cacheBytes();
  }

  @Override
  public boolean shrink(EngineException failure) {
    return DeviceMemoryException.ended(failure) && model.shrink();
  }

  @Override
  public void copy(Cache from, int fromSlot, Cache to, int toSlot, int count) {
    model.attention().copy((DeviceCache) from, fromSlot, (DeviceCache) to, toSlot, count);
  }

  @Override
  public Rows embed(int[] tokens) {
    return model.embedding().apply(tokens);
  }

  @Override
  public void attention(
      Layer layer, Rows x, Batch batch, Cache cache, AttentionForm form, BranchObserver branch) {
    model
        .attention()
        .apply((PlacedLayer) layer, (DeviceRows) x, batch, (DeviceCache) cache, form, branch);
  }

  @Override
  public RowRouting feedForward(
      Layer layer, Rows x, int[] rows, BranchObserver branch, boolean scores) {
    return model.feedForward().apply((PlacedLayer) layer, (DeviceRows) x, rows, branch, scores);
  }

  @Override
  public Rows finalNorm(Rows x, int[] rows) {
    return model.combine().normalize((DeviceRows) x, rows, model.finalNorm());
  }

  @Override
  public Rows headNorm(Mtp mtp, Rows x) {
    return model.combine().normalize((DeviceRows) x, null, ((TornadoMtp) mtp).module().head());
  }

  @Override
  public Rows combine(Mtp mtp, int[] tokens, Rows previous) {
    DeviceRows embedded = model.embedding().apply(tokens);
    DeviceRows both =
        model.combine().combine(embedded, (DeviceRows) previous, ((TornadoMtp) mtp).module());
    embedded.release();
    return both;
  }

  @Override
  public HeadResult head(Rows normalised, int[] targetRows, int[] targets, boolean entropies) {
    return model.head().apply((DeviceRows) normalised, targetRows, targets, entropies);
  }

  @Override
  public float[] logits(Rows normalised) {
    return model.head().logits((DeviceRows) normalised);
  }

  @Override
  public float[] read(Rows rows) {
    return model.store().read((DeviceRows) rows);
  }

  @Override
  public Rows select(Rows x, int[] rows) {
    return model.store().select((DeviceRows) x, rows);
  }

  @Override
  public Rows write(float[] values, int width) {
    if (width != config.hiddenSize()) {
      throw new IllegalArgumentException("rows of " + width + " values are of no use");
    }
    return model.store().write(values);
  }

  @Override
  public void close() {
    model.close();
    runner.close();
  }
}
