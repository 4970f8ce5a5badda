package io.assay.eval.routing;

import java.io.Serializable;

/**
 * How evenly a layer's tokens are spread over its N experts, c being the tokens of each.
 *
 * @param maxViolation max c / mean c - 1: MaxVio of auxiliary-loss-free balancing (arXiv
 *     2408.15664); 0 when balanced, N - 1 when one expert has all
 * @param variation standard deviation (over N) / mean
 * @param entropy of c / sum c, divided by ln N: 1 when balanced, 0 when one expert has all
 * @param jain (sum c)^2 / (N sum c^2): 1 when balanced, 1 / N when one expert has all
 */
public record LoadBalance(double maxViolation, double variation, double entropy, double jain)
    implements Serializable {

  /**
   * Balance of one layer.
   *
   * @param tokens of each expert, unused ones included; at least two experts and one token
   * @throws IllegalArgumentException if there are fewer
   */
  public static LoadBalance of(long... tokens) {
    int experts = tokens.length;
    long total = 0;
    long most = 0;
    for (long count : tokens) {
      total = Math.addExact(total, count);
      most = Math.max(most, count);
    }
    if (experts < 2 || total == 0) {
      throw new IllegalArgumentException(
          "the balance of %d experts over %d tokens is not defined; give at least two experts and one token"
              .formatted(experts, total));
    }
    double mean = (double) total / experts;
    double deviations = 0;
    double entropy = 0;
    double squares = 0;
    for (long count : tokens) {
      deviations += (count - mean) * (count - mean);
      squares += (double) count * count;
      if (count > 0) {
        double share = (double) count / total;
        entropy -= share * Math.log(share);
      }
    }
    return new LoadBalance(
        most / mean - 1,
        Math.sqrt(deviations / experts) / mean,
        entropy / Math.log(experts),
        (double) total * total / (experts * squares));
  }

  /**
   * Tokens that passed a layer: no token is dropped, so the sum of its counts is K times their
   * number.
   *
   * @param chosen K, experts of each token
   * @throws IllegalStateException if the counts are not a multiple of K
   */
  public static long tokens(int layer, long[] tokens, int chosen) {
    long total = 0;
    for (long count : tokens) {
      total = Math.addExact(total, count);
    }
    if (total % chosen != 0) {
      throw new IllegalStateException(
          "layer %d counted %d choices, which is not %d for each token; the routing statistics are incomplete"
              .formatted(layer, total, chosen));
    }
    return total / chosen;
  }
}
