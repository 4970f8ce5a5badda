package io.assay.engine.verify;

/** Allowed absolute differences from golden values, and why. */
final class Tolerances {
  /**
   * Logits of main model and MTP: 3.5 times the largest difference between the sources of the
   * golden values.
   */
  static final double LOGITS = 2e-4;

  /** Natural log-probability of a token; a sum of n tokens is allowed n times that. */
  static final double LOG_PROBABILITY = 1e-4;

  /** Gate scores, which lie in [0, 1]; gate weights are allowed this times the scaling factor. */
  static final double SCORES = 1e-5;

  private static final double HIDDEN = 1e-4;

  private Tolerances() {}

  /**
   * Hidden states: 1e-4 of the tensor's root mean square, or of 1 where that is smaller. The
   * sources differ by up to 1.6e-5 at root mean squares up to 2.7, over few features.
   */
  static double hidden(float... expected) {
    double squares = 0;
    for (float value : expected) {
      squares += (double) value * value;
    }
    double rms = Math.sqrt(squares / Math.max(1, expected.length));
    // A NaN among the expected values must not become the tolerance: nothing would exceed it.
    return HIDDEN * (rms > 1 && Double.isFinite(rms) ? rms : 1);
  }
}
