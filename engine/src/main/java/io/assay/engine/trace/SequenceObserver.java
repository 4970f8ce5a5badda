package io.assay.engine.trace;

import io.assay.engine.backend.RouterSelection;
import io.assay.engine.backend.RowRouting;
import io.assay.engine.config.ModelConfig.Routing;
import java.util.List;

/**
 * Adds the router scores of a batch to the sums of the sequences its rows belong to, while they are
 * there: scores of all layers would be larger than the hidden states.
 */
public final class SequenceObserver implements RoutingObserver {
  /**
   * Rows of one sequence.
   *
   * @param sums what they are added to
   * @param rows of the batch, in the order of the sequence's tokens
   */
  public record Stretch(SequenceBalance sums, int[] rows) {}

  private final Routing model;
  private final List<Stretch> stretches;

  /**
   * @param stretches of all sequences, of which many may share a row
   */
  public SequenceObserver(Routing model, List<Stretch> stretches) {
    this.model = model;
    this.stretches = stretches;
  }

  @Override
  public boolean scores() {
    return true;
  }

  @Override
  public void routed(int layer, RowRouting routing) {
    int n = model.experts();
    int k = model.perToken();
    int[] highest = highest(routing);
    float[] scores = routing.scores();
    double[] perUnit = reciprocalSums(scores, n);
    for (Stretch stretch : stretches) {
      SequenceBalance sums = stretch.sums();
      if (sums.highest()[layer] == null) {
        sums.highest()[layer] = new int[n];
        sums.shares()[layer] = new double[n];
      }
      int[] counts = sums.highest()[layer];
      double[] added = sums.shares()[layer];
      for (int row : stretch.rows()) {
        for (int i = row * k; i < (row + 1) * k; i++) {
          counts[highest[i]]++;
        }
        for (int e = 0; e < n; e++) {
          added[e] += scores[row * n + e] * perUnit[row];
        }
      }
    }
  }

  /** {@code [rows, K]} */
  private int[] highest(RowRouting routing) {
    int k = model.perToken();
    int[] ids = new int[routing.scores().length / model.experts() * k];
    RouterSelection selection = new RouterSelection(model, null);
    for (int first = 0; first < ids.length; first += k) {
      selection.selectHighest(routing.scores(), first / k * model.experts(), ids, first);
    }
    return ids;
  }

  /** 1 / sum_j s_j of each row. */
  private static double[] reciprocalSums(float[] scores, int n) {
    double[] reciprocals = new double[scores.length / n];
    for (int row = 0; row < reciprocals.length; row++) {
      double sum = 0;
      for (int e = row * n; e < (row + 1) * n; e++) {
        sum += scores[e];
      }
      reciprocals[row] = 1 / sum;
    }
    return reciprocals;
  }
}
