package io.assay.eval.comparison;

import org.apache.commons.math3.special.Beta;

/**
 * Exact test of paired scores that are 0 or 1 (McNemar, Note on the sampling error of the
 * difference between correlated proportions or percentages, 1947): documents that both runs answer
 * alike say nothing, and without a difference each of the others goes either way with probability
 * one half.
 */
final class McNemar {
  private McNemar() {}

  /**
   * Two-sided p-value: min(1, 2 P(X <= min(gained, lost))) with X ~ Binomial(gained + lost, 1/2).
   *
   * @param gained documents that are right only in the second run
   * @param lost documents that are right only in the first
   */
  static double pValue(int gained, int lost) {
    if (gained == lost) {
      return 1;
    }
    int k = Math.min(gained, lost);
    // P(X <= k) as a beta integral: BinomialDistribution takes its complement, which loses small
    // tails.
    return Math.min(1, 2 * Beta.regularizedBeta(0.5, gained + lost - k, k + 1));
  }
}
