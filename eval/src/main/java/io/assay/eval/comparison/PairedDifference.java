package io.assay.eval.comparison;

import io.assay.eval.statistics.Aggregation;
import io.assay.eval.statistics.Bootstrap;
import io.assay.eval.statistics.Clusters;
import io.assay.eval.statistics.Interval;
import io.assay.eval.statistics.Observations;
import io.assay.eval.statistics.StandardError;
import java.util.Arrays;
import org.apache.commons.math3.distribution.NormalDistribution;

/**
 * A metric of two runs on the same documents.
 *
 * @param baseline value of the first run
 * @param value of the second
 * @param delta value - baseline with its 1 - alpha interval: percentiles of a paired bootstrap over
 *     documents, or over clusters of them (Efron and Tibshirani, An Introduction to the Bootstrap,
 *     1993, chapter 13)
 * @param pValue two-sided, of no difference; 1 if there are fewer than two documents or clusters
 * @param test how {@code pValue} was had: {@code mcnemar}, or {@code bootstrap}: (1 + resamples
 *     whose delta is as far from delta as delta is from 0) / (1 + resamples) (ibid., chapter 16)
 * @param detectable smallest true difference that would have been significant at alpha with
 *     probability {@value #POWER}: (z(1 - alpha / 2) + z({@value #POWER})) times the bootstrap's
 *     standard error of delta (Miller, Adding Error Bars to Evals, 2024, section 5); NaN if there
 *     is none
 * @param documents of both runs
 * @param clusters they come in; 0 if they are independent
 */
public record PairedDifference(
    double baseline,
    double value,
    Interval delta,
    double pValue,
    String test,
    double detectable,
    int documents,
    int clusters) {
  static final double POWER = 0.8;

  private static final String MCNEMAR = "mcnemar";
  private static final String BOOTSTRAP = "bootstrap";

  /** Most resamples: the smallest p-value leaves room for Holm over hundreds of metrics. */
  private static final int MOST_RESAMPLES = 10_000;

  /** Rounding of differences: what is as far but for it counts as as far. */
  private static final double TIE = 1e-9;

  /** Draws over all resamples from which on there are fewer of these. */
  private static final int DRAWS = 100_000_000;

  /**
   * Compares.
   *
   * @param baseline documents of the first run, at least one
   * @param value the same documents of the second run, in the same order, which decides what is
   *     drawn
   * @param clusters which of them belong together, null if they are independent
   * @param alpha probability with which an interval may miss the true difference
   */
  public static PairedDifference of(
      Aggregation aggregation,
      Observations baseline,
      Observations value,
      Clusters clusters,
      double alpha) {
    int n = baseline.size();
    Clusters units = clusters == null ? Clusters.single(n) : clusters;
    double before = aggregation.of(baseline);
    double after = aggregation.of(value);
    boolean binary =
        clusters == null && aggregation == Aggregation.MEAN && binary(baseline) && binary(value);
    String test = binary ? MCNEMAR : BOOTSTRAP;
    int given = clusters == null ? 0 : clusters.count();
    if (baseline.sameAs(value)) {
      // What every resample would say, without drawing one.
      Interval none = new Interval(0, 0, 0);
      return new PairedDifference(before, after, none, 1, test, 0, n, given);
    }
    double delta = after - before;
    if (units.count() < 2) {
      Interval open = new Interval(delta, Double.NaN, Double.NaN);
      return new PairedDifference(before, after, open, 1, test, Double.NaN, n, given);
    }
    double[] replicates =
        Bootstrap.differences(aggregation, baseline, value, units, resamples(units.count()));
    double p = binary ? mcnemar(baseline, value) : pValue(delta, replicates);
    NormalDistribution normal = new NormalDistribution(0, 1);
    double z =
        normal.inverseCumulativeProbability(1 - alpha / 2)
            + normal.inverseCumulativeProbability(POWER);
    return new PairedDifference(
        before,
        after,
        Bootstrap.percentiles(delta, replicates, alpha),
        p,
        test,
        z * StandardError.sampleDeviation(replicates),
        n,
        given);
  }

  private static int resamples(int units) {
    return Math.clamp(DRAWS / units, Bootstrap.RESAMPLES, MOST_RESAMPLES);
  }

  private static double pValue(double delta, double[] replicates) {
    long asFar =
        Arrays.stream(replicates)
            .filter(replicate -> Math.abs(replicate - delta) >= Math.abs(delta) * (1 - TIE))
            .count();
    return (1.0 + asFar) / (1.0 + replicates.length);
  }

  private static boolean binary(Observations observations) {
    return observations.width() == 1
        && Arrays.stream(observations.column(0)).allMatch(score -> score == 0 || score == 1);
  }

  private static double mcnemar(Observations baseline, Observations value) {
    double[] before = baseline.column(0);
    double[] after = value.column(0);
    int gained = 0;
    int lost = 0;
    for (int d = 0; d < before.length; d++) {
      gained += after[d] > before[d] ? 1 : 0;
      lost += after[d] < before[d] ? 1 : 0;
    }
    return McNemar.pValue(gained, lost);
  }
}
