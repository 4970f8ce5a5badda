package io.assay.eval.statistics;

import org.apache.commons.math3.random.MersenneTwister;

/**
 * Bootstrap over documents: the standard deviation of the aggregate over resamples of the documents
 * with replacement (Efron 1979). It draws as the harness does, {@code random.Random(0).choices} of
 * CPython, and therefore gives the harness's number for the same documents in the same order.
 */
public final class Bootstrap {
  /** Resamples, all drawn from one generator. */
  public static final int RESAMPLES = 1000;

  /** Seed of the generator. */
  public static final int SEED = 0;

  private Bootstrap() {}

  /**
   * Sample standard deviation (n - 1) of the aggregate over {@link #RESAMPLES} resamples.
   *
   * @param values of the documents, in a fixed order
   * @param weights as long as the values
   * @return NaN for fewer than two documents, which cannot vary
   */
  public static double standardError(Aggregation aggregation, double[] values, double[] weights) {
    int n = values.length;
    if (n < 2) {
      return Double.NaN;
    }
    MersenneTwister generator = new MersenneTwister(new int[] {SEED});
    double[] replicates = new double[RESAMPLES];
    for (int r = 0; r < RESAMPLES; r++) {
      double sum = 0;
      double weight = 0;
      for (int i = 0; i < n; i++) {
        int chosen = (int) (uniform(generator) * n);
        sum += values[chosen];
        weight += weights[chosen];
      }
      replicates[r] = aggregation.of(sum, weight, n);
    }
    return StandardError.sampleDeviation(replicates);
  }

  /** CPython's {@code random()}: 53 bits of two outputs of the generator. */
  private static double uniform(MersenneTwister generator) {
    int high = generator.nextInt() >>> 5;
    int low = generator.nextInt() >>> 6;
    return (high * 0x1p26 + low) * 0x1p-53;
  }
}
