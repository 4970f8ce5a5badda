package io.assay.eval.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BootstrapIntervalTest {
  private static final double[] VALUES = {3, 1, 4, 1, 5, 9, 2, 6};
  private static final double[] WEIGHTS = {1, 2, 1, 3, 1, 2, 2, 1};

  private static double weighted(int[] drawn, double[] values, double[] weights) {
    double sum = 0;
    double weight = 0;
    for (int i = 0; i < drawn.length; i++) {
      sum += drawn[i] * values[i];
      weight += drawn[i] * weights[i];
    }
    return sum / weight;
  }

  /**
   * CPython 3.12 and numpy 2: {@code r = random.Random(0)}, 1000 times {@code r.choices(range(8),
   * k=8)}, the sum of values over the sum of weights, {@code numpy.percentile(_, [2.5, 97.5])}.
   */
  @Test
  void theSameAsPythonDraws() {
    Interval interval = Bootstrap.interval(8, drawn -> weighted(drawn, VALUES, WEIGHTS));
    assertThat(interval.value()).isCloseTo(2.3846153846153846, within(1e-14));
    assertThat(interval.low()).isCloseTo(1.071205357142857, within(1e-12));
    assertThat(interval.high()).isCloseTo(4.274242424242423, within(1e-12));
  }

  @Test
  void ofAMeanItIsTheNormalOne() {
    Random random = new Random(7);
    int n = 500;
    double[] values = random.doubles(n).toArray();
    double[] ones = new double[n];
    Arrays.fill(ones, 1);
    Interval interval = Bootstrap.interval(n, drawn -> weighted(drawn, values, ones));
    double error = 1.96 * StandardError.ofMean(values);
    assertThat(interval.high() - interval.value()).isCloseTo(error, within(0.15 * error));
    assertThat(interval.value() - interval.low()).isCloseTo(error, within(0.15 * error));
  }

  /** Paired: what is the same in both measurements cancels in every resample. */
  @Test
  void differencesOfTheSameUnitsArePaired() {
    double[] shifted = Arrays.stream(VALUES).map(value -> value + 0.5).toArray();
    double[] ones = new double[VALUES.length];
    Arrays.fill(ones, 1);
    Interval half =
        Bootstrap.interval(
            VALUES.length, drawn -> weighted(drawn, shifted, ones) - weighted(drawn, VALUES, ones));
    assertThat(half).isEqualTo(new Interval(0.5, 0.5, 0.5));
  }

  @Test
  void oneUnitHasNoInterval() {
    Interval interval = Bootstrap.interval(1, drawn -> 5.0 * drawn[0]);
    assertThat(interval.value()).isEqualTo(5);
    assertThat(interval.low()).isNaN();
    assertThat(interval.high()).isNaN();
  }
}
