package io.assay.engine.backend.tornado;

import io.assay.engine.EngineException;
import io.assay.engine.ErrorCode;
import io.assay.engine.backend.RotaryTable;
import io.assay.engine.config.ModelConfig;
import io.assay.engine.weights.Matrix;
import io.assay.engine.weights.ModelWeights;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A model on a device: its weights where {@link ModelPlacement} has put them, and the graphs that
 * compute with them.
 */
final class DeviceModel {
  private static final Logger LOG = LoggerFactory.getLogger(DeviceModel.class);

  private final ModelConfig config;
  private final KernelRunner runner;
  private final RotaryTable rotary;
  private final ModelPlacement placement;
  private final Matrix embeddingRows;
  private final WeightStream stream; // null when all weights stay on the device
  private final DeviceWeights attentionWeights;
  private final DeviceWeights feedForwardWeights;
  private final DeviceWeights combineWeights;
  private final DeviceWeights vocabularyWeights;
  private Capacity capacity;
  private RowStore store;
  private DeviceEmbedding embedding;
  private DeviceAttention attention;
  private DeviceFeedForward feedForward;
  private DeviceCombine combine;
  private DeviceHead head;

  /**
   * @param hostStreamed whether the weights of blocks are only in the process while they are used
   * @param latents bytes that caches are to have
   */
  DeviceModel(
      ModelConfig config,
      ModelWeights weights,
      KernelRunner runner,
      boolean hostStreamed,
      long latents) {
    this.config = config;
    this.runner = runner;
    this.rotary = new RotaryTable(config);
    this.embeddingRows = weights.embedding();
    placement =
        new ModelPlacement(
            config, weights, rotary, ModelPlacement.Room.of(runner), hostStreamed, latents);
    attentionWeights = new DeviceWeights(placement.attention());
    feedForwardWeights = new DeviceWeights(placement.feedForward());
    combineWeights = new DeviceWeights(List.of(placement.ends()));
    vocabularyWeights = new DeviceWeights(List.of(placement.vocabulary()));
    stream =
        placement.streamed()
            ? new WeightStream(runner, attentionWeights, feedForwardWeights)
            : null;
    load(placement.capacity(), c -> c.halved(config));
  }

  /**
   * Works in blocks of half as many rows from now on; the latents of all caches and all rows are
   * lost.
   *
   * @return false if blocks are the smallest already
   * @throws EngineException {@code OUT_OF_MEMORY} if the device has not enough for any
   */
  boolean shrink() {
    Capacity less = capacity.halvedWork(config);
    if (less == null) {
      return false;
    }
    load(less, c -> c.halvedWork(config));
    return true;
  }

  /** The graphs for this capacity, or for less if the device turns out to have less. */
  private void load(Capacity wanted, UnaryOperator<Capacity> less) {
    capacity = wanted;
    while (true) {
      make();
      try {
        loadGraphs();
        LOG.info(
            "{}: weights {}, embedding on the {}, blocks of {} rows, {} rows stay between layers, {} cache slots",
            runner.device(),
            placement.streamed() ? "copied a layer at a time" : "on the device",
            placement.embedding().isEmpty() ? "host" : "device",
            capacity.rows(),
            capacity.residentRows(),
            attention.slots());
        return;
      } catch (EngineException e) {
        Capacity next = e.code() == ErrorCode.OUT_OF_MEMORY ? less.apply(capacity) : null;
        if (next == null) {
          throw e;
        }
        LOG.info("{}; trying blocks of {} rows", e.getMessage(), next.rows());
        capacity = next;
      }
    }
  }

  private void make() {
    store = new RowStore(config.hiddenSize(), runner, capacity);
    attention =
        new DeviceAttention(
            config, runner, this::require, attentionWeights, store, rotary, capacity);
    feedForward =
        new DeviceFeedForward(config, runner, this::require, feedForwardWeights, store, capacity);
    combine = new DeviceCombine(config, runner, combineWeights, store, capacity.rows());
    head = new DeviceHead(config, runner, vocabularyWeights, store, placement.head(), capacity);
    embedding =
        new DeviceEmbedding(
            runner, store, head.graph(), embeddingRows, placement.embedding(), capacity.rows());
  }

  private void loadGraphs() {
    List<KernelGraph> graphs =
        new ArrayList<>(
            List.of(
                store.graph(),
                attention.graph(),
                feedForward.graph(),
                combine.graph(),
                head.graph().graph));
    if (stream != null) {
      graphs.addFirst(stream.graph(store.states()));
    }
    runner.load(graphs.toArray(KernelGraph[]::new));
  }

  /** Has a layer's weights on the device. */
  private void require(int layer) {
    if (stream != null) {
      stream.require(layer);
    }
  }

  /** Returns when nothing reads weights any more; they may be closed then. */
  void close() {
    if (stream != null) {
      stream.close();
    }
  }

  PlacedLayer layer(int index) {
    return placement.layers().get(index);
  }

  /**
   * @param depth from 1
   */
  DeviceCombine.Module module(int depth) {
    return placement.modules().get(depth - 1);
  }

  DeviceCombine.Norm finalNorm() {
    return placement.finalNorm();
  }

  /** {@link Capacity#cacheBytes}. */
  long cacheBytes() {
    return capacity.cacheBytes();
  }

  RowStore store() {
    return store;
  }

  DeviceEmbedding embedding() {
    return embedding;
  }

  DeviceAttention attention() {
    return attention;
  }

  DeviceFeedForward feedForward() {
    return feedForward;
  }

  DeviceCombine combine() {
    return combine;
  }

  DeviceHead head() {
    return head;
  }
}
