package io.assay.eval.statistics;

import java.util.Arrays;

/**
 * A sum of doubles without rounding until it is asked for: the same bits in whatever order the
 * terms came. Keeps non-overlapping partial sums (Shewchuk, Adaptive Precision Floating-Point
 * Arithmetic, 1997), as Python's {@code math.fsum} does.
 */
public final class ExactSum {
  private double[] partials = new double[8];
  private int count;
  // Infinities and NaN would spoil the partial sums; their plain sum needs no order.
  private double special;
  private boolean hasSpecial;

  /** Adds a term. */
  public void add(double term) {
    if (!Double.isFinite(term)) {
      special += term;
      hasSpecial = true;
      return;
    }
    double x = term;
    int kept = 0;
    for (int i = 0; i < count; i++) {
      double y = partials[i];
      if (Math.abs(x) < Math.abs(y)) {
        double swap = x;
        x = y;
        y = swap;
      }
      double high = x + y;
      double low = y - (high - x);
      if (low != 0) {
        partials[kept++] = low;
      }
      x = high;
    }
    if (!Double.isFinite(x)) {
      special += x;
      hasSpecial = true;
      count = 0;
      return;
    }
    if (kept == partials.length) {
      partials = Arrays.copyOf(partials, 2 * partials.length);
    }
    partials[kept++] = x;
    count = kept;
  }

  /** The sum, rounded once to the nearest double, ties to even. */
  public double value() {
    if (hasSpecial) {
      return special;
    }
    if (count == 0) {
      return 0;
    }
    int i = count - 1;
    double high = partials[i];
    double low = 0;
    while (i > 0) {
      double x = high;
      double y = partials[--i];
      high = x + y;
      low = y - (high - x);
      if (low != 0) {
        break;
      }
    }
    // A remainder of exactly half a unit is decided by the sign of what lies below it.
    if (i > 0 && ((low < 0 && partials[i - 1] < 0) || (low > 0 && partials[i - 1] > 0))) {
      double twice = low * 2;
      double x = high + twice;
      if (twice == x - high) {
        high = x;
      }
    }
    return high;
  }

  /** The exact sum of an array, rounded once. */
  public static double of(double... terms) {
    ExactSum sum = new ExactSum();
    for (double term : terms) {
      sum.add(term);
    }
    return sum.value();
  }
}
