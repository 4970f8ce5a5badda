package io.assay.engine.trace;

import io.assay.engine.backend.RowRouting;
import io.assay.engine.config.ModelConfig.Routing;

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
      System.arraycopy(routing.byBias(), 0, all.byBias(), firstRow * k, n);
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
        System.arraycopy(from.byBias(), otherRows[i] * k, all.byBias(), i * k, k);
      }
    }
  }

  private RowRouting allRows(int layer, int rows, int perToken) {
    if (layers[layer] == null) {
      int n = Math.multiplyExact(rows, perToken);
      layers[layer] =
          new RowRouting(perToken, new int[n], new float[n], new boolean[n], new float[0]);
    }
    return layers[layer];
  }

  @Override
  public void routed(int layer, RowRouting routing) {
    // Scores are large and nobody counts them.
    layers[layer] =
        new RowRouting(
            routing.perToken(), routing.ids(), routing.weights(), routing.byBias(), new float[0]);
  }

  /** Counts for a model of which nothing was counted yet. */
  public static ExpertCounts none(int totalLayers) {
    return new ExpertCounts(
        new int[totalLayers][],
        new double[totalLayers][],
        new int[totalLayers][],
        new int[totalLayers][]);
  }

  /**
   * Adds the decisions of these rows, in their order.
   *
   * @param model the model's experts and their groups
   */
  public void addTo(ExpertCounts counts, int[] rows, int from, int to, Routing model) {
    int experts = model.experts();
    for (int l = 0; l < layers.length; l++) {
      if (layers[l] == null) {
        continue;
      }
      if (counts.tokens()[l] == null) {
        counts.tokens()[l] = new int[experts];
        counts.weightSums()[l] = new double[experts];
        counts.groupFirsts()[l] = new int[experts];
        counts.byBias()[l] = new int[experts];
      }
      for (int r = from; r < to; r++) {
        addRow(counts, l, rows[r], experts / model.groups());
      }
    }
  }

  private void addRow(ExpertCounts counts, int layer, int row, int groupSize) {
    RowRouting routing = layers[layer];
    int k = routing.perToken();
    int group = -1;
    for (int i = row * k; i < (row + 1) * k; i++) {
      int expert = routing.ids()[i];
      counts.tokens()[layer][expert]++;
      counts.weightSums()[layer][expert] += routing.weights()[i];
      if (expert / groupSize != group) {
        // Ids ascend: a group's chosen experts stand together.
        group = expert / groupSize;
        counts.groupFirsts()[layer][expert]++;
      }
      if (routing.byBias()[i]) {
        counts.byBias()[layer][expert]++;
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
