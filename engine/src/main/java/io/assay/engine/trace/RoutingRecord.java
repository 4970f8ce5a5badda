package io.assay.engine.trace;

import io.assay.engine.backend.RowRouting;
import io.assay.engine.config.ModelConfig.Routing;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * The router decisions of one batch or pass, from which each request's counts are taken along its
 * own rows: a row shared by several requests counts once for each of them, as if each had run
 * alone.
 */
public final class RoutingRecord {
  /** The decisions for rows from {@code firstRow} on, by layer; null for dense layers. */
  private record Part(int firstRow, RowRouting[] layers) implements RoutingObserver {
    @Override
    public void routed(int layer, RowRouting routing) {
      // Scores are large and nobody counts them.
      layers[layer] = routing.withoutScores();
    }

    @Override
    public void finished() {
      for (int l = 0; l < layers.length; l++) {
        if (layers[l] != null) {
          RowRouting r = layers[l];
          layers[l] =
              new RowRouting.Held(r.perToken(), r.ids(), r.weights(), r.byBias(), r.scores());
        }
      }
    }
  }

  private final int totalLayers;
  private final List<Part> parts = new ArrayList<>(); // in the order of their rows

  /**
   * @param totalLayers main layers and prediction modules
   */
  public RoutingRecord(int totalLayers) {
    this.totalLayers = totalLayers;
  }

  /** Keeps the decisions for the rows after those of the parts before, from this one on. */
  public RoutingObserver part(int firstRow) {
    Part part = new Part(firstRow, new RowRouting[totalLayers]);
    parts.add(part);
    return part;
  }

  /**
   * Takes another record's decisions for some of its rows as those of rows 0 and on of this, which
   * has none yet.
   */
  public void keep(RoutingRecord other, int... otherRows) {
    Part kept = new Part(0, new RowRouting[totalLayers]);
    int[] places = other.places(otherRows);
    for (int l = 0; l < totalLayers; l++) {
      if (other.routes(l)) {
        kept.layers()[l] = other.chosen(l, otherRows, places);
      }
    }
    parts.add(kept);
  }

  private RowRouting chosen(int layer, int[] rows, int[] places) {
    int k = perToken(layer);
    RowRouting.Held to = RowRouting.Held.of(rows.length, k);
    for (int i = 0; i < rows.length; i++) {
      Part part = parts.get(places[i]);
      RowRouting from = part.layers()[layer];
      int at = (rows[i] - part.firstRow()) * k;
      System.arraycopy(from.ids(), at, to.ids(), i * k, k);
      System.arraycopy(from.weights(), at, to.weights(), i * k, k);
      System.arraycopy(from.byBias(), at, to.byBias(), i * k, k);
    }
    return to;
  }

  /** The part each row belongs to. */
  private int[] places(int... rows) {
    int[] places = new int[rows.length];
    for (int i = 0; i < rows.length; i++) {
      int p = i == 0 ? 0 : places[i - 1];
      while (p > 0 && parts.get(p).firstRow() > rows[i]) {
        p--;
      }
      while (p + 1 < parts.size() && parts.get(p + 1).firstRow() <= rows[i]) {
        p++;
      }
      places[i] = p;
    }
    return places;
  }

  private boolean routes(int layer) {
    return parts.stream().anyMatch(p -> p.layers()[layer] != null);
  }

  private int perToken(int layer) {
    return parts.stream()
        .map(p -> p.layers()[layer])
        .filter(Objects::nonNull)
        .findFirst()
        .orElseThrow()
        .perToken();
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
    int[] places = places(rows);
    for (int l = 0; l < totalLayers; l++) {
      if (!routes(l)) {
        continue;
      }
      if (counts.tokens()[l] == null) {
        counts.tokens()[l] = new int[experts];
        counts.weightSums()[l] = new double[experts];
        counts.groupFirsts()[l] = new int[experts];
        counts.byBias()[l] = new int[experts];
      }
      for (int r = from; r < to; r++) {
        Part part = parts.get(places[r]);
        addRow(counts, l, part, rows[r] - part.firstRow(), experts / model.groups());
      }
    }
  }

  private static void addRow(ExpertCounts counts, int layer, Part part, int row, int groupSize) {
    RowRouting routing = part.layers()[layer];
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
    int[] places = places(rows);
    int[][][] ids = new int[totalLayers][][];
    for (int l = 0; l < totalLayers; l++) {
      if (!routes(l)) {
        continue;
      }
      int k = perToken(l);
      ids[l] = new int[rows.length][];
      for (int r = 0; r < rows.length; r++) {
        Part part = parts.get(places[r]);
        int at = (rows[r] - part.firstRow()) * k;
        ids[l][r] = Arrays.copyOfRange(part.layers()[l].ids(), at, at + k);
      }
    }
    return ids;
  }
}
