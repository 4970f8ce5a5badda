package io.assay.eval.statistics;

import java.util.List;

/**
 * The mean of several means with its standard error; formulas of the harness ({@code
 * lm_eval/api/metrics.py}). Sums are exact, so the order of the parts changes no bit.
 *
 * @param value the mean; NaN without parts
 * @param stderr its standard error; NaN unless every part has one
 * @param documents of all parts
 */
public record PooledEstimate(double value, double stderr, long documents) {
  /**
   * A mean to be pooled.
   *
   * @param value the mean
   * @param stderr its standard error, NaN if it has none
   * @param documents it is of
   */
  public record Part(double value, double stderr, long documents) {}

  /**
   * @param weightBySize parts weighted by their documents, with the pooled standard error ({@code
   *     pooled_sample_stderr}); else all the same, with the standard error of such a mean ({@code
   *     unweighted_mean_stderr})
   */
  public static PooledEstimate of(List<Part> parts, boolean weightBySize) {
    ExactSum sum = new ExactSum();
    ExactSum squares = new ExactSum();
    long documents = 0;
    for (Part part : parts) {
      double n = part.documents;
      documents += part.documents;
      sum.add(weightBySize ? part.value * n : part.value);
      double variance = part.stderr * part.stderr;
      squares.add(weightBySize ? (n - 1) * variance * n : variance);
    }
    int k = parts.size();
    if (k == 0) {
      return new PooledEstimate(Double.NaN, Double.NaN, 0);
    }
    if (!weightBySize) {
      return new PooledEstimate(sum.value() / k, Math.sqrt(squares.value()) / k, documents);
    }
    double pooledVariance = squares.value() / (documents - k);
    return new PooledEstimate(
        sum.value() / documents, Math.sqrt(pooledVariance / documents), documents);
  }
}
