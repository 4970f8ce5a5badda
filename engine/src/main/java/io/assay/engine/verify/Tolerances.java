package io.assay.engine.verify;

import io.assay.engine.Precision;

/**
 * Allowed absolute differences from golden values, and why.
 *
 * <p>At fp32 every value has to be within tolerance and every choice has to be equal. At bf16 the
 * inputs of products are rounded to 8 bits while golden values are fp32: where two experts or two
 * tokens are nearly tied the rounding decides, and everything after that choice differs. So values
 * are judged by their median, which a wrong formula moves and a few decisions do not, and choices
 * by how many are equal. The bounds are about four times what the five public cases show.
 */
final class Tolerances {
  /** Part of expert sets, greedy flags and ends that has to be equal at bf16; 0.91 to 1 is seen. */
  private static final double EQUAL_CHOICES = 0.75;

  /**
   * Part of continuations before their first difference at bf16, after which they are different
   * texts; 0.46 to 1 is seen.
   */
  private static final double EQUAL_TEXT = 0.2;

  private final Precision precision;
  private final boolean rounded;

  Tolerances(Precision precision) {
    this.precision = precision;
    this.rounded = precision != Precision.FP32;
  }

  /** Whether inputs of products are rounded, so that choices may differ. */
  boolean rounded() {
    return rounded;
  }

  /**
   * Logits of main model and MTP. At fp32 3.5 times the largest difference between the sources of
   * the golden values; at fp8, where golden values are rounded in the same way, hardly more than
   * fp32's own noise: 1e-6 is seen.
   */
  double logits() {
    return switch (precision) {
      case FP32 -> 2e-4;
      case BF16 -> 0.25;
      case FP8 -> 1e-4;
    };
  }

  /** Natural log-probability of a token; a sum of n tokens is allowed n times that. */
  double logProbability() {
    return rounded ? 0.1 : 1e-4;
  }

  /** Gate scores, which lie in [0, 1]; gate weights are allowed this times the scaling factor. */
  double scores() {
    return rounded ? 4e-3 : 1e-5;
  }

  /**
   * Hidden states: a part of the tensor's root mean square, or of 1 where that is smaller. The
   * sources differ by up to 1.6e-5 at root mean squares up to 2.7, over few features.
   */
  double hidden(float... expected) {
    double squares = 0;
    for (float value : expected) {
      squares += (double) value * value;
    }
    double rms = Math.sqrt(squares / Math.max(1, expected.length));
    // A NaN among the expected values must not become the tolerance: nothing would exceed it.
    return (rounded ? 0.15 : 1e-4) * (rms > 1 && Double.isFinite(rms) ? rms : 1);
  }

  /** A check of computed numbers. */
  Comparison values(String name, String file, double tolerance) {
    return new Comparison(name, file, tolerance, rounded, 1);
  }

  /** A check of choices between numbers that may be nearly equal. */
  Comparison choices(String name, String file) {
    return new Comparison(name, file, 0, rounded, rounded ? EQUAL_CHOICES : 1);
  }

  /** A check of continuations. */
  Comparison text(String name, String file) {
    return new Comparison(name, file, 0, rounded, rounded ? EQUAL_TEXT : 1);
  }
}
