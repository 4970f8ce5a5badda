package io.assay.eval.statistics;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class ExactSumTest {
  @Property
  void isTheCorrectlyRoundedSum(@ForAll("terms") List<Double> terms) {
    BigDecimal exact = BigDecimal.ZERO;
    for (double term : terms) {
      exact = exact.add(new BigDecimal(term));
    }
    assertThat(sum(terms)).isEqualTo(exact.doubleValue());
  }

  @Property
  void doesNotDependOnOrder(@ForAll("terms") List<Double> terms, @ForAll long seed) {
    double sum = sum(terms);
    Collections.shuffle(terms, new Random(seed));
    assertThat(sum(terms)).isEqualTo(sum);
  }

  @Test
  void keepsWhatPlainSumsLose() {
    assertThat(ExactSum.of(1e16, 1, -1e16)).isEqualTo(1);
    assertThat(ExactSum.of(0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1)).isEqualTo(1);
    assertThat(ExactSum.of()).isEqualTo(0);
  }

  @Test
  void infinitiesAndNaN() {
    assertThat(ExactSum.of(1, Double.NEGATIVE_INFINITY)).isEqualTo(Double.NEGATIVE_INFINITY);
    assertThat(ExactSum.of(Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY)).isNaN();
    assertThat(ExactSum.of(Double.NaN, 1)).isNaN();
  }

  @Provide
  Arbitrary<List<Double>> terms() {
    Arbitrary<Double> logprob = Arbitraries.doubles().between(-1000, 0).ofScale(12);
    // All magnitudes whose sums stay finite, down to subnormal numbers.
    Arbitrary<Double> any =
        Combinators.combine(
                Arbitraries.longs().between(-(1L << 53), 1L << 53),
                Arbitraries.integers().between(-1120, 900))
            .as((significand, exponent) -> Math.scalb((double) significand, exponent));
    Arbitrary<Double> power = Arbitraries.integers().between(-60, 60).map(p -> Math.scalb(1.0, p));
    Arbitrary<Double> term = Arbitraries.oneOf(logprob, any, power);
    return term.list().ofMaxSize(60);
  }

  private static double sum(List<Double> terms) {
    return ExactSum.of(terms.stream().mapToDouble(Double::doubleValue).toArray());
  }
}
