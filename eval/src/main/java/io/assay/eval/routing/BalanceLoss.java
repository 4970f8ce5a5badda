package io.assay.eval.routing;

/**
 * The sequence-wise balance loss without its factor alpha (DeepSeek-V3 report, equations 17 to 20):
 * sum_i f_i P_i with f_i = N / (K T) times the tokens that choose expert i, and P_i the mean over
 * tokens of s_i / sum_j s_j. 1 when the choices, or the scores, are spread evenly.
 */
public final class BalanceLoss {
  /** 2^-32: losses are added as whole numbers of it, to the same sum in every order. */
  public static final double UNIT = 0x1p-32;

  private BalanceLoss() {}

  /**
   * Loss of one layer over one sequence.
   *
   * @param chosen {@code [N]} tokens that choose each expert, K choices a token. The report's are
   *     made without the correction bias; with those that were served it is another number
   * @param shares {@code [N]} sums over the tokens of s_i / sum_j s_j
   * @param perToken K
   */
  public static double of(int[] chosen, double[] shares, int perToken) {
    long choices = 0;
    double sum = 0;
    for (int e = 0; e < chosen.length; e++) {
      choices += chosen[e];
      sum += chosen[e] * shares[e];
    }
    // K T choices of T tokens: N / (K T) for f, 1 / T for P.
    return sum * chosen.length / choices / ((double) choices / perToken);
  }

  /** The loss in whole units. */
  public static long units(double loss) {
    return Math.round(loss / UNIT);
  }
}
