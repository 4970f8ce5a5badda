package io.assay.tests.reference;

import java.util.Arrays;

/** What is done to rows of numbers, in float64. */
public final class ReferenceMath {
  private ReferenceMath() {}

  /** Natural log-probability of a token under a row of logits. */
  public static double logProbability(double[] logits, int token) {
    double max = Arrays.stream(logits).max().orElseThrow();
    double sum = 0;
    for (double x : logits) {
      sum += Math.exp(x - max);
    }
    return logits[token] - max - Math.log(sum);
  }

  /** Index of the largest value, the lowest on ties. */
  public static int argmax(double[] row) {
    int best = 0;
    for (int i = 1; i < row.length; i++) {
      if (row[i] > row[best]) {
        best = i;
      }
    }
    return best;
  }

  /** Distance between the two largest values. */
  public static double gap(double[] row) {
    int best = argmax(row);
    double second = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < row.length; i++) {
      second = i == best ? second : Math.max(second, row[i]);
    }
    return row[best] - second;
  }

  static void softmax(double[] row) {
    double max = Arrays.stream(row).max().orElseThrow();
    double sum = 0;
    for (int i = 0; i < row.length; i++) {
      row[i] = Math.exp(row[i] - max);
      sum += row[i];
    }
    for (int i = 0; i < row.length; i++) {
      row[i] /= sum;
    }
  }

  static void add(double[][] x, double[][] y) {
    for (int t = 0; t < x.length; t++) {
      for (int i = 0; i < x[t].length; i++) {
        x[t][i] += y[t][i];
      }
    }
  }

  static double[][] copy(double[][] x) {
    return Arrays.stream(x).map(double[]::clone).toArray(double[][]::new);
  }
}
