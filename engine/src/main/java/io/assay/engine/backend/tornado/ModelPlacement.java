package io.assay.engine.backend.tornado;

import io.assay.engine.EngineException;
import io.assay.engine.ErrorCode;
import io.assay.engine.backend.DeviceFit;
import io.assay.engine.backend.RotaryTable;
import io.assay.engine.config.ModelConfig;
import io.assay.engine.weights.LayerWeights;
import io.assay.engine.weights.ModelWeights;
import java.util.ArrayList;
import java.util.List;

/**
 * Where a model will lie on a device, decided before anything is copied: weights stay there when
 * they fit, otherwise those of blocks are copied a layer at a time; working memory is halved until
 * everything fits.
 */
final class ModelPlacement {
  /** Part of the device's memory that is planned with; the rest is its driver's. */
  private static final double USABLE = 0.9;

  /** A device as far as placing needs it. */
  record Room(String device, long memory, long largestArray) {
    static Room of(KernelRunner runner) {
      return new Room(runner.device(), runner.memory(), runner.largestArray());
    }

    static Room of(Accelerator a) {
      return new Room(a.describe(), a.memory(), a.largestArray());
    }

    long usable() {
      return (long) (memory * USABLE);
    }
  }

  private final ModelConfig config;
  private final Room room;
  private final Layout ends;
  private final Layout vocabulary;
  private final DeviceCombine.Norm finalNorm;
  private final List<DeviceCombine.Module> modules = new ArrayList<>();
  private final List<Layout.Placed> head;
  private final List<Layout.Placed> embedding;
  private final List<PlacedLayer> layers = new ArrayList<>();
  private final List<Layout> attention = new ArrayList<>();
  private final List<Layout> feedForward = new ArrayList<>();
  private final Capacity capacity;

  /**
   * @param hostStreamed whether the weights of blocks are only in the process while they are used
   * @param latents bytes that caches are to have
   * @throws EngineException {@code OUT_OF_MEMORY} if the device has not enough for one layer at a
   *     time and the smallest blocks of rows
   */
  ModelPlacement(
      ModelConfig config,
      ModelWeights weights,
      RotaryTable rotary,
      Room room,
      boolean hostStreamed,
      long latents) {
    this.config = config;
    this.room = room;
    ends = new Layout(room.largestArray());
    int epsilon = ends.place(config.rmsNormEps());
    finalNorm = new DeviceCombine.Norm(ends.place(weights.finalNorm()), epsilon);
    for (int depth = 1; depth <= config.mtpModules(); depth++) {
      modules.add(DeviceCombine.Module.of(weights.mtp(depth), ends, epsilon));
    }
    Layout headOnly = new Layout(room.largestArray());
    List<Layout.Placed> ofHead = VocabularyPieces.place(weights.head(), headOnly);
    // Both ends of the model, which may be one matrix.
    Layout both = new Layout(room.largestArray());
    List<Layout.Placed> headOfBoth = VocabularyPieces.place(weights.head(), both);
    List<Layout.Placed> embeddingOfBoth =
        config.tieWordEmbeddings() ? headOfBoth : VocabularyPieces.place(weights.embedding(), both);

    Capacity wanted = Capacity.of(config, room.memory(), latents);
    long working = ends.memory() + wanted.memory(config);
    place(weights, rotary, hostStreamed);
    if (!hostStreamed && !fits(working + headOnly.memory() + blocks())) {
      place(weights, rotary, /* layerByLayer= */ true);
    }
    boolean embedsHere = fits(working + both.memory() + blocks());
    vocabulary = embedsHere ? both : headOnly;
    head = embedsHere ? headOfBoth : ofHead;
    embedding = embedsHere ? embeddingOfBoth : List.of();
    capacity = fit(wanted);
  }

  private boolean fits(long bytes) {
    return bytes <= room.usable();
  }

  private void place(ModelWeights weights, RotaryTable rotary, boolean layerByLayer) {
    layers.clear();
    attention.clear();
    feedForward.clear();
    for (int i = 0; i < config.totalLayers(); i++) {
      if (i == 0 || layerByLayer) {
        attention.add(new Layout(room.largestArray()));
        feedForward.add(new Layout(room.largestArray()));
      }
      LayerWeights w = weights.layer(i);
      layers.add(
          new PlacedLayer(
              i,
              PlacedLayer.Attention.of(w, attention.getLast(), config, rotary.scoreScale()),
              PlacedLayer.FeedForward.of(w, feedForward.getLast(), config)));
    }
  }

  private Capacity fit(Capacity wanted) {
    Capacity fitting = wanted;
    while (!fits(weightBytes() + fitting.memory(config))) {
      Capacity less = fitting.halved(config);
      if (less == null) {
        throw new EngineException(
            ErrorCode.OUT_OF_MEMORY,
            "the model needs %,d bytes on %s for the weights of one layer and working memory, which has %,d; raise -Dtornado.device.memory if the device has more, or use --backend cpu"
                .formatted(weightBytes() + fitting.memory(config), room.device(), room.usable()));
      }
      fitting = less;
    }
    return fitting;
  }

  /** Bytes of blocks on the device at a time. */
  private long blocks() {
    return DeviceWeights.memory(attention) + DeviceWeights.memory(feedForward);
  }

  /** Bytes of weights on the device at a time. */
  long weightBytes() {
    return ends.memory() + vocabulary.memory() + blocks();
  }

  /** What all of it takes. */
  DeviceFit fit() {
    return new DeviceFit(streamed(), weightBytes(), capacity.memory(config), room.usable());
  }

  /** Whether the weights of blocks are copied a layer at a time. */
  boolean streamed() {
    return attention.size() > 1;
  }

  /** What there is room for. */
  Capacity capacity() {
    return capacity;
  }

  /** Norms and what joins prediction modules. */
  Layout ends() {
    return ends;
  }

  /** Head, and embedding if it is on the device. */
  Layout vocabulary() {
    return vocabulary;
  }

  /** One layout for all layers, or one a layer. */
  List<Layout> attention() {
    return attention;
  }

  /** One layout for all layers, or one a layer. */
  List<Layout> feedForward() {
    return feedForward;
  }

  /** The head's rows in order, cut where arrays end. */
  List<Layout.Placed> head() {
    return head;
  }

  /** The embedding's rows in order, cut where arrays end; empty if it stays on the host. */
  List<Layout.Placed> embedding() {
    return embedding;
  }

  DeviceCombine.Norm finalNorm() {
    return finalNorm;
  }

  /** Prediction modules, depth 1 first. */
  List<DeviceCombine.Module> modules() {
    return modules;
  }

  List<PlacedLayer> layers() {
    return layers;
  }
}
