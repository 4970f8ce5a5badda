package io.assay.eval.statistics;

import java.util.Arrays;
import java.util.function.ToDoubleFunction;
import org.apache.commons.math3.random.MersenneTwister;
import org.apache.commons.math3.stat.descriptive.rank.Percentile;

/**
 * Bootstrap over documents: statistics of resamples of the documents with replacement (Efron 1979).
 * It draws as the harness does, {@code random.Random(0).choices} of CPython, and therefore gives
 * the harness's number for the same documents in the same order and as many resamples. Where
 * documents come in clusters, clusters are drawn and taken as a whole (pairs cluster bootstrap:
 * Cameron, Gelbach and Miller, Bootstrap-Based Improvements for Inference with Clustered Errors,
 * 2008).
 */
public final class Bootstrap {
  /** Seed of the generator all resamples are drawn from. */
  public static final int SEED = 0;

  /** Resamples of an {@link #interval}; aggregations have their own numbers. */
  public static final int RESAMPLES = 1000;

  private static final double ALPHA = 0.05;

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
      draw(generator, drawn);
      replicates[r] = aggregation.of(documents.resample(clusters.documents(drawn)));
    }
    return StandardError.sampleDeviation(replicates);
  }

  /**
   * Replicates of the difference of an aggregate between two measurements of the same documents,
   * which every resample takes together.
   *
   * @param a documents in a fixed order
   * @param b the same documents in the same order
   * @return {@code [resamples]} aggregate of b - aggregate of a
   */
  public static double[] differences(
      Aggregation aggregation, Observations a, Observations b, Clusters clusters, int resamples) {
    MersenneTwister generator = new MersenneTwister(new int[] {SEED});
    double[] replicates = new double[resamples];
    int[] drawn = new int[clusters.count()];
    for (int r = 0; r < resamples; r++) {
      draw(generator, drawn);
      int[] documents = clusters.documents(drawn);
      replicates[r] = aggregation.of(b.resample(documents)) - aggregation.of(a.resample(documents));
    }
    return replicates;
  }

  /**
   * A value between the alpha / 2 and 1 - alpha / 2 quantiles of its replicates.
   *
   * @param replicates at least one
   */
  public static Interval percentiles(double value, double[] replicates, double alpha) {
    Percentile percentile = new Percentile().withEstimationType(Percentile.EstimationType.R_7);
    percentile.setData(replicates);
    return new Interval(
        value, percentile.evaluate(50 * alpha), percentile.evaluate(100 - 50 * alpha));
  }

  private static void draw(MersenneTwister generator, int[] drawn) {
    for (int i = 0; i < drawn.length; i++) {
      drawn[i] = (int) (uniform(generator) * drawn.length);
    }
  }

  /**
   * Percentile interval of a statistic (Efron 1979) over {@link #RESAMPLES} resamples of units,
   * such as documents. Two calls with as many units see the same resamples, and a statistic that
   * compares two measurements of the same units is paired.
   *
   * @param units their number, in a fixed order
   * @param statistic of a resample, given how often each unit is in it
   * @return the statistic of the units themselves, each once, between its 2.5 % and 97.5 %
   *     quantiles; NaN for those with fewer than two units, which cannot vary
   */
  public static Interval interval(int units, ToDoubleFunction<int[]> statistic) {
    int[] drawn = new int[units];
    Arrays.fill(drawn, 1);
    double value = statistic.applyAsDouble(drawn);
    if (units < 2) {
      return new Interval(value, Double.NaN, Double.NaN);
    }
    MersenneTwister generator = new MersenneTwister(new int[] {SEED});
    double[] replicates = new double[RESAMPLES];
    for (int r = 0; r < RESAMPLES; r++) {
      Arrays.fill(drawn, 0);
      for (int i = 0; i < units; i++) {
        drawn[(int) (uniform(generator) * units)]++;
      }
      replicates[r] = statistic.applyAsDouble(drawn);
    }
    return percentiles(value, replicates, ALPHA);
  }

  /** CPython's {@code random()}: 53 bits of two outputs of the generator. */
  private static double uniform(MersenneTwister generator) {
    int high = generator.nextInt() >>> 5;
    int low = generator.nextInt() >>> 6;
    return (high * 0x1p26 + low) * 0x1p-53;
  }
}
