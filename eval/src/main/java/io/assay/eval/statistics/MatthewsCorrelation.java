package io.assay.eval.statistics;

import java.util.HashMap;
import java.util.Map;

/**
 * Correlation of two labellings with any number of classes: Gorodkin's R_K (Comparing two
 * K-category assignments by a K-category correlation coefficient, 2004), which for two classes is
 * Matthews' coefficient.
 */
final class MatthewsCorrelation {
  private MatthewsCorrelation() {}

  /**
   * @param gold labels, whole numbers
   * @param predicted as long
   * @return 0 if either labelling has one class only
   */
  static double of(double[] gold, double[] predicted) {
    Map<Double, Integer> goldCounts = new HashMap<>();
    Map<Double, Integer> predictedCounts = new HashMap<>();
    double equal = 0;
    for (int i = 0; i < gold.length; i++) {
      goldCounts.merge(gold[i], 1, Integer::sum);
      predictedCounts.merge(predicted[i], 1, Integer::sum);
      equal += gold[i] == predicted[i] ? 1 : 0;
    }
    double n = gold.length;
    double products = 0;
    double goldSquares = 0;
    double predictedSquares = 0;
    // Products of counts are whole numbers far below 2^53, so the maps' order changes nothing.
    for (Map.Entry<Double, Integer> entry : goldCounts.entrySet()) {
      double count = entry.getValue();
      goldSquares += count * count;
      products += count * predictedCounts.getOrDefault(entry.getKey(), 0);
    }
    for (double count : predictedCounts.values()) {
      predictedSquares += count * count;
    }
    double variances = (n * n - predictedSquares) * (n * n - goldSquares);
    return variances == 0 ? 0 : (equal * n - products) / Math.sqrt(variances);
  }
}
