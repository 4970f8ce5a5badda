package io.assay.eval.statistics;

import org.apache.commons.math3.random.MersenneTwister;

/**
 * Bootstrap over documents: the standard deviation of the aggregate over resamples of the documents
 * with replacement (Efron 1979). It draws as the harness does, {@code random.Random(0).choices} of
 * CPython, and therefore gives the harness's number for the same documents in the same order and as
 * many resamples. Where documents come in clusters, clusters are drawn and taken as a whole (pairs
 * cluster bootstrap: Cameron, Gelbach and Miller, Bootstrap-Based Improvements for Inference with
 * Clustered Errors, 2008).
 */
public final class Bootstrap {
  /** Seed of the generator all resamples are drawn from. */
  public static final int SEED = 0;

  private Bootstrap() {}

  /**
   * Sample standard deviation (n - 1) of the aggregate over its resamples.
   *
   * @param documents in a fixed order
   * @return NaN for fewer than two documents, which cannot vary
   */
  public static double standardError(Aggregation aggregation, Observations documents) {
    return standardError(aggregation, documents, Clusters.single(documents.size()));
  }

  static double standardError(Aggregation aggregation, Observations documents, Clusters clusters) {
    int n = clusters.count();
    if (n < 2) {
      return Double.NaN;
    }
    MersenneTwister generator = new MersenneTwister(new int[] {SEED});
    double[] replicates = new double[aggregation.resamples()];
    int[] drawn = new int[n];
    for (int r = 0; r < replicates.length; r++) {
      for (int i = 0; i < n; i++) {
        drawn[i] = (int) (uniform(generator) * n);
      }
      replicates[r] = aggregation.of(documents.resample(clusters.documents(drawn)));
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
