package io.assay.engine.backend;

/** Entropy of distributions over the vocabulary, in nats. */
public final class Entropy {
  private Entropy() {}

  /**
   * Entropy of the softmax of logits.
   *
   * @param logits {@code [n]} from {@code o}
   */
  public static float ofLogits(float[] logits, int o, int n) {
    double top = Double.NEGATIVE_INFINITY;
    for (int v = o; v < o + n; v++) {
      top = Math.max(top, logits[v]);
    }
    double total = 0;
    double expected = 0;
    for (int v = o; v < o + n; v++) {
      double shift = logits[v] - top;
      double weight = StrictMath.exp(shift);
      total += weight;
      expected += weight * shift;
    }
    return ofSums(total, expected);
  }

  /**
   * The same of sums over the logits z, whose largest is m.
   *
   * @param total of exp(z - m)
   * @param expected of exp(z - m) (z - m)
   */
  public static float ofSums(double total, double expected) {
    // Rounding may bring that of a certain token below 0.
    return (float) Math.max(0, StrictMath.log(total) - expected / total);
  }
}
