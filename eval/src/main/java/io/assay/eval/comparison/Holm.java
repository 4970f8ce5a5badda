package io.assay.eval.comparison;

import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * p-values adjusted for how many there are, so that all together are wrong with probability alpha
 * at most, however they depend on each other (Holm, A simple sequentially rejective multiple test
 * procedure, 1979).
 */
public final class Holm {
  private Holm() {}

  /**
   * The i-th smallest of m p-values, from 0, times m - i; not below that of a smaller one, and at
   * most 1.
   *
   * @param pValues in any order
   * @return adjusted, in the same order
   */
  public static double[] adjusted(double[] pValues) {
    int[] ascending =
        IntStream.range(0, pValues.length)
            .boxed()
            .sorted(Comparator.comparingDouble(i -> pValues[i]))
            .mapToInt(Integer::intValue)
            .toArray();
    double[] adjusted = new double[pValues.length];
    double least = 0;
    for (int rank = 0; rank < ascending.length; rank++) {
      least = Math.max(least, pValues[ascending[rank]] * (ascending.length - rank));
      adjusted[ascending[rank]] = Math.min(1, least);
    }
    return adjusted;
  }
}
