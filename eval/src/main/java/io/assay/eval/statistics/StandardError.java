package io.assay.eval.statistics;

/** Standard errors in closed form. */
public final class StandardError {
  private StandardError() {}

  // Perplexities of untrained models come near the largest double; their squares would overflow.
  private static final double LARGE = 0x1p500;
  private static final int SHIFT = -600;

  /** Sample standard deviation (n - 1); NaN for fewer than two values, infinite if a value is. */
  public static double sampleDeviation(double[] values) {
    int n = values.length;
    if (n < 2) {
      return Double.NaN;
    }
    double largest = 0;
    for (double value : values) {
      largest = Math.max(largest, Math.abs(value));
    }
    if (!Double.isFinite(largest)) {
      return largest;
    }
    int shift = largest > LARGE ? SHIFT : 0;
    ExactSum sum = new ExactSum();
    for (double value : values) {
      sum.add(Math.scalb(value, shift));
    }
    double mean = sum.value() / n;
    ExactSum squares = new ExactSum();
    for (double value : values) {
      double deviation = Math.scalb(value, shift) - mean;
      squares.add(deviation * deviation);
    }
    return Math.scalb(Math.sqrt(squares.value() / (n - 1)), -shift);
  }

  /** Standard error of the mean: sample standard deviation / sqrt(n). */
  public static double ofMean(double[] values) {
    return sampleDeviation(values) / Math.sqrt(values.length);
  }

  /**
   * Standard error of the mean of documents that come in clusters: sqrt(SE^2 + 1/n^2 * sum over
   * clusters and over pairs i != j within of (x_i - mean)(x_j - mean)), where SE is that of
   * independent documents (Miller, Adding Error Bars to Evals, 2024, section 2.2).
   *
   * @return {@link #ofMean} if each document is a cluster; NaN for fewer than two clusters
   */
  static double ofMean(double[] values, Clusters clusters) {
    int n = values.length;
    if (clusters.count() == n) {
      return ofMean(values);
    }
    if (clusters.count() < 2) {
      return Double.NaN;
    }
    double mean = ExactSum.of(values) / n;
    ExactSum variance = new ExactSum();
    for (int c = 0; c < clusters.count(); c++) {
      ExactSum deviations = new ExactSum();
      for (int document : clusters.documents(c)) {
        double deviation = values[document] - mean;
        deviations.add(deviation);
        variance.add(deviation * deviation / n / (n - 1));
        variance.add(-deviation * deviation / n / n);
      }
      // The pairs of a cluster are its sum squared without the squares.
      double sum = deviations.value() / n;
      variance.add(sum * sum);
    }
    return Math.sqrt(variance.value());
  }
}
