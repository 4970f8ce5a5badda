package io.assay.engine.backend.tornado;

import io.assay.engine.backend.RowRouting;
import java.util.BitSet;

/**
 * Where routers sent some rows: kept on the device layer by layer, and copied to the host when they
 * are first read, those of all layers that are new together.
 */
final class DeviceChoices {
  /** Copies choices of adjacent layers to the host. */
  @FunctionalInterface
  interface Source {
    /** Calls {@link DeviceChoices#receive} for all blocks of the rows. */
    void copy(DeviceRows x, int firstLayer, int layers);
  }

  private final DeviceRows x;
  private final int perToken;
  private final Source source;
  private final RowRouting.Held[] held; // by layer; null until copied
  private final BitSet kept = new BitSet(); // layers that are only on the device

  DeviceChoices(DeviceRows x, int totalLayers, int perToken, Source source) {
    this.x = x;
    this.perToken = perToken;
    this.source = source;
    this.held = new RowRouting.Held[totalLayers];
  }

  /**
   * A layer's decisions, which the device keeps or {@link #receive} was told already.
   *
   * @param scores of the router, empty if nobody asked
   */
  RowRouting decided(int layer, float... scores) {
    if (held[layer] == null) {
      kept.set(layer);
    }
    return new Late(layer, scores);
  }

  private RowRouting.Held read(int layer) {
    if (kept.get(layer)) {
      int first = kept.nextSetBit(0);
      int layers = kept.length() - first;
      kept.clear();
      source.copy(x, first, layers);
    }
    if (held[layer] == null) {
      held[layer] = RowRouting.Held.of(x.rows(), perToken); // of no rows
    }
    return held[layer];
  }

  /**
   * Takes choices of a block of rows.
   *
   * @param from first row
   * @param rows of the block
   * @param choices {@code [rows, layers, K]} as kernels keep them
   * @param gates the same of gate weights
   */
  void receive(int from, int rows, int firstLayer, int layers, int[] choices, float[] gates) {
    for (int l = 0; l < layers; l++) {
      if (held[firstLayer + l] == null) {
        held[firstLayer + l] = RowRouting.Held.of(x.rows(), perToken);
      }
      RowRouting.Held to = held[firstLayer + l];
      for (int r = 0; r < rows; r++) {
        for (int i = 0; i < perToken; i++) {
          int source = (r * layers + l) * perToken + i;
          int cell = (from + r) * perToken + i;
          to.ids()[cell] = choices[source] >> 1;
          to.byBias()[cell] = (choices[source] & 1) == 1;
          to.weights()[cell] = gates[source];
        }
      }
    }
  }

  /** Decisions that are copied when they are read. */
  private final class Late implements RowRouting {
    private final int layer;
    private final float[] scores;

    Late(int layer, float... scores) {
      this.layer = layer;
      this.scores = scores;
    }

    @Override
    public int perToken() {
      return perToken;
    }

    @Override
    public int[] ids() {
      return read(layer).ids();
    }

    @Override
    public float[] weights() {
      return read(layer).weights();
    }

    @Override
    public boolean[] byBias() {
      return read(layer).byBias();
    }

    @Override
    public float[] scores() {
      return scores;
    }

    @Override
    public RowRouting withoutScores() {
      return new Late(layer);
    }
  }
}
