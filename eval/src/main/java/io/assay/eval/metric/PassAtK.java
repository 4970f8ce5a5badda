package io.assay.eval.metric;

import io.assay.eval.statistics.DocumentValue;
import java.util.List;

/**
 * Chance that at least one of k responses is right, estimated without bias from n of which c are: 1
 * - C(n-c, k) / C(n, k) (Chen et al., Evaluating Large Language Models Trained on Code, 2021). A
 * response is right if it equals a target; no code is executed.
 *
 * @param match when a response is right
 * @param k responses to draw, at least 1
 */
record PassAtK(ExactMatch match, int k) implements TextMetric {
  @Override
  public DocumentValue score(List<String> responses, List<String> targets) {
    return DocumentValue.of(estimate(responses.size(), match.hits(responses, targets), k));
  }

  @Override
  public int fewestResponses() {
    return k;
  }

  /**
   * @param n responses, at least k
   * @param c right ones among them
   */
  static double estimate(int n, int c, int k) {
    if (n - c < k) {
      return 1;
    }
    // A product of ratios: binomial coefficients would overflow.
    double allWrong = 1;
    for (int i = n - c + 1; i <= n; i++) {
      allWrong *= 1 - (double) k / i;
    }
    return 1 - allWrong;
  }
}
