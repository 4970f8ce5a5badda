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
}
