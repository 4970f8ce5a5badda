package io.assay.job.traffic;

import io.assay.engine.score.ScoreResult;
import io.assay.job.lines.LineDocuments.Document;
import java.util.Collection;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a model made of documents, by the units that are resampled for intervals: single documents,
 * or, so that memory stays bounded, that many groups of them.
 *
 * @param sumLogprob natural logarithm, of each unit
 * @param tokens scored, of each unit
 * @param loads {@code [unit][expert]} tokens that chose the expert, by layer
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record Measurement(double[] sumLogprob, long[] tokens, SortedMap<Integer, int[][]> loads) {
  private static final int MOST_UNITS = 1024;

  /**
   * Of documents of which none was added yet. They are to be added in an order that has nothing to
   * do with what they are, as groups follow from it.
   *
   * @param experts of a layer
   */
  public static Measurement none(int documents, Collection<Integer> layers, int experts) {
    int units = Math.min(documents, MOST_UNITS);
    SortedMap<Integer, int[][]> loads = new TreeMap<>();
    layers.forEach(layer -> loads.put(layer, new int[units][experts]));
    return new Measurement(new double[units], new long[units], loads);
  }

  /** Adds a document with its results to a unit. */
  public void add(int unit, Document document, List<ScoreResult> results) {
    tokens[unit] += document.tokens();
    for (ScoreResult result : results) {
      sumLogprob[unit] += result.sumLogprob();
      loads.forEach(
          (layer, counts) -> {
            int[] chosen = result.counts().tokens()[layer];
            for (int e = 0; e < chosen.length; e++) {
              counts[unit][e] += chosen[e];
            }
          });
    }
  }

  /** Their number. */
  public int units() {
    return tokens.length;
  }

  /** exp(-sum / tokens) of a resample. */
  public double perplexity(int[] drawn) {
    double sum = 0;
    long scored = 0;
    for (int u = 0; u < drawn.length; u++) {
      sum += drawn[u] * sumLogprob[u];
      scored += drawn[u] * tokens[u];
    }
    return Math.exp(-sum / scored);
  }

  /** Tokens that chose each expert in a resample. */
  public long[] load(int layer, int[] drawn) {
    int[][] counts = loads.get(layer);
    long[] sum = new long[counts[0].length];
    for (int u = 0; u < drawn.length; u++) {
      if (drawn[u] > 0) {
        for (int e = 0; e < sum.length; e++) {
          sum[e] += (long) drawn[u] * counts[u][e];
        }
      }
    }
    return sum;
  }
}
