package io.assay.engine.backend.tornado;

import io.assay.engine.EngineException;
import io.assay.engine.ErrorCode;
import io.assay.engine.backend.RotaryTable;
import io.assay.engine.config.ModelConfig;
import io.assay.engine.weights.LayerWeights;
import io.assay.engine.weights.ModelWeights;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A model on a device: where its weights lie and the graphs that compute with them. Weights stay on
 * the device when they fit, otherwise those of blocks are copied a layer at a time; working memory
 * is halved until everything fits.
 */
final class DeviceModel {
  private static final Logger LOG = LoggerFactory.getLogger(DeviceModel.class);

  /** Part of the device's memory that is planned with; the rest is its driver's. */
  private static final double USABLE = 0.9;

  private final ModelConfig config;
  private final KernelRunner runner;
  private final RotaryTable rotary;
  private final boolean streamed;
  private final List<PlacedLayer> layers = new ArrayList<>();
  private final List<DeviceCombine.Module> modules = new ArrayList<>();
  private final DeviceCombine.Norm finalNorm;
  private final WeightStream stream; // null when all weights stay on the device
  private final DeviceWeights attentionWeights;
  private final DeviceWeights feedForwardWeights;
  private final DeviceWeights combineWeights;
  private final DeviceWeights headWeights;
  private final List<Layout.Placed> headPieces;
  private Capacity capacity;
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
    long usable = (long) (runner.memory() * USABLE);
    Layout ends = new Layout(runner.largestArray());
    Layout headLayout = new Layout(runner.largestArray());
    int epsilon = ends.place(config.rmsNormEps());
    finalNorm = new DeviceCombine.Norm(ends.place(weights.finalNorm()), epsilon);
    for (int depth = 1; depth <= config.mtpModules(); depth++) {
      modules.add(DeviceCombine.Module.of(weights.mtp(depth), ends, epsilon));
    }
    headPieces = DeviceHead.place(weights.head(), headLayout);

    Capacity wanted = Capacity.of(config, runner.memory(), latents);
    long fixed = ends.memory() + headLayout.memory();
    List<Layout> attentionLayouts = new ArrayList<>();
    List<Layout> feedForwardLayouts = new ArrayList<>();
    place(weights, hostStreamed, attentionLayouts, feedForwardLayouts);
    long blocks = DeviceWeights.memory(attentionLayouts) + DeviceWeights.memory(feedForwardLayouts);
    boolean fits = fixed + blocks + wanted.memory(config) <= usable;
    if (!fits && !hostStreamed) {
      place(weights, /* layerByLayer= */ true, attentionLayouts, feedForwardLayouts);
      blocks = DeviceWeights.memory(attentionLayouts) + DeviceWeights.memory(feedForwardLayouts);
    }
    streamed = attentionLayouts.size() > 1;
    attentionWeights = new DeviceWeights(attentionLayouts);
    feedForwardWeights = new DeviceWeights(feedForwardLayouts);
    combineWeights = new DeviceWeights(List.of(ends));
    headWeights = new DeviceWeights(List.of(headLayout));
    stream = streamed ? new WeightStream(runner, attentionWeights, feedForwardWeights) : null;
    load(fit(wanted, fixed + blocks, usable), c -> c.halved(config));
  }

  /**
   * Works in blocks of half as many rows from now on; the latents of all caches are lost.
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

  private void place(
      ModelWeights weights,
      boolean layerByLayer,
      List<Layout> attentionLayouts,
      List<Layout> feedForwardLayouts) {
    layers.clear();
    attentionLayouts.clear();
    feedForwardLayouts.clear();
    for (int i = 0; i < config.totalLayers(); i++) {
      if (i == 0 || layerByLayer) {
        attentionLayouts.add(new Layout(runner.largestArray()));
        feedForwardLayouts.add(new Layout(runner.largestArray()));
      }
      LayerWeights w = weights.layer(i);
      layers.add(
          new PlacedLayer(
              i,
              PlacedLayer.Attention.of(w, attentionLayouts.getLast(), config, rotary.scoreScale()),
              PlacedLayer.FeedForward.of(w, feedForwardLayouts.getLast(), config)));
    }
  }

  private Capacity fit(Capacity wanted, long weightBytes, long usable) {
    Capacity fitting = wanted;
    while (weightBytes + fitting.memory(config) > usable) {
      Capacity less = fitting.halved(config);
      if (less == null) {
        throw new EngineException(
            ErrorCode.OUT_OF_MEMORY,
            "the model needs %,d bytes on %s for the weights of one layer and working memory, which has %,d; raise -Dtornado.device.memory if the device has more, or use --backend cpu"
                .formatted(weightBytes + fitting.memory(config), runner.device(), usable));
      }
      fitting = less;
    }
    return fitting;
  }

  /** The graphs for this capacity, or for less if the device turns out to have less. */
  private void load(Capacity wanted, UnaryOperator<Capacity> less) {
    capacity = wanted;
    while (true) {
      attention =
          new DeviceAttention(config, runner, this::require, attentionWeights, rotary, capacity);
      feedForward =
          new DeviceFeedForward(config, runner, this::require, feedForwardWeights, capacity);
      combine = new DeviceCombine(config, runner, combineWeights, capacity.rows());
      head = new DeviceHead(config, runner, headWeights, headPieces, capacity);
      try {
        loadGraphs();
        LOG.info(
            "{}: weights {}, blocks of {} rows, {} cache slots",
            runner.device(),
            streamed ? "copied a layer at a time" : "on the device",
            capacity.rows(),
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

  private void loadGraphs() {
    List<KernelGraph> graphs =
        new ArrayList<>(
            List.of(attention.graph(), feedForward.graph(), combine.graph(), head.graph()));
    if (stream != null) {
      graphs.addFirst(stream.graph());
      stream.forget();
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
    return layers.get(index);
  }

  /**
   * @param depth from 1
   */
  DeviceCombine.Module module(int depth) {
    return modules.get(depth - 1);
  }

  DeviceCombine.Norm finalNorm() {
    return finalNorm;
  }

  /** {@link Capacity#cacheBytes}. */
  long cacheBytes() {
    return capacity.cacheBytes();
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
