package io.assay.engine.trace;

import io.assay.engine.backend.RowRouting;

/**
 * The router decisions of one batch or pass, from which each request's counts are taken along its
 * own rows: a row shared by several requests counts once for each of them, as if each had run
 * alone.
 */
public final class RoutingRecord implements RoutingObserver {
  private final RowRouting[] layers;

  /**
   * @param totalLayers main layers and prediction modules
   */
  public RoutingRecord(int totalLayers) {
    layers = new RowRouting[totalLayers];
  }

  /** Keeps the decisions for a part, from {@code firstRow} on, of {@code rows} rows in all. */
  public RoutingObserver part(int firstRow, int rows) {
    return (layer, routing) -> {
      int k = routing.perToken();
      RowRouting all = allRows(layer, rows, k);
      int n = routing.ids().length;
      System.arraycopy(routing.ids(), 0, all.ids(), firstRow * k, n);
      System.arraycopy(routing.weights(), 0, all.weights(), firstRow * k, n);
    };
  }

  /** Takes another record's decisions for some of its rows as those of rows 0 and on of these. */
  public void keep(RoutingRecord other, int[] otherRows, int rows) {
    for (int l = 0; l < layers.length; l++) {
      RowRouting from = other.layers[l];
      if (from == null) {
        continue;
      }
      int k = from.perToken();
      RowRouting all = allRows(l, rows, k);
      for (int i = 0; i < otherRows.length; i++) {
        System.arraycopy(from.ids(), otherRows[i] * k, all.ids(), i * k, k);
        System.arraycopy(from.weights(), otherRows[i] * k, all.weights(), i * k, k);
      }
    }
  }

  private RowRouting allRows(int layer, int rows, int perToken) {
    if (layers[layer] == null) {
      int n = Math.multiplyExact(rows, perToken);
      layers[layer] = new RowRouting(perToken, new int[n], new float[n], new float[0]);
    }
    return layers[layer];
  }

  @Override
  public void routed(int layer, RowRouting routing) {
    // Scores are large and nobody counts them.
    layers[layer] =
        new RowRouting(routing.perToken(), routing.ids(), routing.weights(), new float[0]);
  }

  /** Counts for a model of which nothing was counted yet. */
  public static ExpertCounts none(int totalLayers) {
    return new ExpertCounts(new int[totalLayers][], new double[totalLayers][]);
  }

  /**
   * Adds the decisions of these rows, in their order.
   *
   * @param experts routed experts of the model
   */
  public void addTo(ExpertCounts counts, int[] rows, int from, int to, int experts) {
    for (int l = 0; l < layers.length; l++) {
      RowRouting routing = layers[l];
      if (routing == null) {
        continue;
      }
      if (counts.tokens()[l] == null) {
        counts.tokens()[l] = new int[experts];
        counts.weightSums()[l] = new double[experts];
      }
      int k = routing.perToken();
      int[] tokens = counts.tokens()[l];
      double[] sums = counts.weightSums()[l];
      for (int r = from; r < to; r++) {
        for (int i = rows[r] * k; i < (rows[r] + 1) * k; i++) {
          tokens[routing.ids()[i]]++;
          sums[routing.ids()[i]] += routing.weights()[i];
        }
      }
    }
  }

  /** {@code [layer][token][k]} ids of the rows; null for dense layers. */
  public int[][][] ids(int[] rows) {
    int[][][] ids = new int[layers.length][][];
    for (int l = 0; l < layers.length; l++) {
      if (layers[l] == null) {
        continue;
      }
      int k = layers[l].perToken();
      ids[l] = new int[rows.length][];
      for (int r = 0; r < rows.length; r++) {
        ids[l][r] = java.util.Arrays.copyOfRange(layers[l].ids(), rows[r] * k, (rows[r] + 1) * k);
      }
    }
    return ids;
  }
}
