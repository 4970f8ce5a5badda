package io.assay.eval.routing;

import org.apache.commons.math3.distribution.TDistribution;

/**
 * Student's t with a degree of freedom less than there are documents: how far the ratio of a few
 * documents may be off by their own differences.
 */
final class StudentsT {
  private static final double UPPER = 0.975;

  private final TDistribution distribution; // null with fewer than two documents
  private final double quantile;

  StudentsT(long documents) {
    // The oldest constructor: beside TornadoVM its own, older library is found first.
    distribution = documents < 2 ? null : new TDistribution(documents - 1.0);
    quantile = distribution == null ? Double.NaN : distribution.inverseCumulativeProbability(UPPER);
  }

  /** The 0.975 quantile; NaN with fewer than two documents. */
  double quantile() {
    return quantile;
  }

  /**
   * Two-sided probability of a difference.
   *
   * @param difference from what is expected
   * @param error its standard error; 0 where documents do not differ at all
   * @return NaN with fewer than two documents
   */
  double probability(double difference, double error) {
    if (distribution == null) {
      return Double.NaN;
    }
    return error > 0 ? 2 * distribution.cumulativeProbability(-Math.abs(difference) / error) : 0;
  }
}
