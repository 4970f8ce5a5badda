package io.assay.eval.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class ScoreAggregatorTest {
  @Test
  void meanAndItsErrorByHand() {
    ScoreAggregator aggregator = new ScoreAggregator(Aggregation.MEAN);
    for (int i = 0; i < 4; i++) {
      aggregator.add(i, "d" + i, i == 0 ? 1 : 0, 1);
    }
    ScoreAggregator.Estimate estimate = aggregator.finish();
    assertThat(estimate.value()).isEqualTo(0.25);
    // Deviations 0.75, -0.25 x 3: variance 0.75 / 3, over 4.
    assertThat(estimate.stderr()).isEqualTo(0.25);
    assertThat(estimate.documents()).isEqualTo(4);
  }

  @Test
  void perplexitiesByHand() {
    ScoreAggregator words = new ScoreAggregator(Aggregation.WEIGHTED_PERPLEXITY);
    words.add(0, "a", -2 * Math.log(2), 1).add(1, "b", -4 * Math.log(2), 2);
    assertThat(words.finish().value()).isEqualTo(4, within(1e-15));
    ScoreAggregator bits = new ScoreAggregator(Aggregation.BITS_PER_BYTE);
    bits.add(0, "a", -6 * Math.log(2), 2);
    assertThat(bits.finish().value()).isEqualTo(3);
    assertThat(bits.finish().stderr()).isNaN();
  }

  @Test
  void nothingIsNotANumber() {
    ScoreAggregator.Estimate estimate = new ScoreAggregator(Aggregation.MEAN).finish();
    assertThat(estimate.value()).isNaN();
    assertThat(estimate.stderr()).isNaN();
    assertThat(estimate.documents()).isZero();
  }

  @Test
  void deviationsOfHugeValuesDoNotOverflow() {
    // 1e300 and 3e300: mean 2e300, deviations 1e300, sqrt(2) of it with n - 1 = 1.
    assertThat(StandardError.sampleDeviation(new double[] {1e300, 3e300}))
        .isCloseTo(Math.sqrt(2) * 1e300, within(1e286));
    assertThat(StandardError.sampleDeviation(new double[] {1, Double.POSITIVE_INFINITY}))
        .isEqualTo(Double.POSITIVE_INFINITY);
    assertThat(StandardError.sampleDeviation(new double[] {1, Double.NaN})).isNaN();
  }

  /** The bootstrap of a mean has a closed form: the population deviation / sqrt(n). */
  @Test
  void bootstrapApproachesTheClosedForm() {
    Random random = new Random(7);
    double[] values = random.doubles(400).toArray();
    double[] weights = new double[values.length];
    double closed = StandardError.ofMean(values) * Math.sqrt(399.0 / 400);
    // 1000 resamples: the relative error of a deviation is about 1 / sqrt(2000) = 2.2 %.
    assertThat(Bootstrap.standardError(Aggregation.NANMEAN, values, weights))
        .isCloseTo(closed, within(0.08 * closed));
  }

  @Property(tries = 30)
  void partitioningAndOrderDoNotMatter(
      @ForAll("logprobs") List<Double> logprobs,
      @ForAll Aggregation aggregation,
      @ForAll long seed) {
    ScoreAggregator whole = new ScoreAggregator(aggregation);
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < logprobs.size(); i++) {
      whole.add(i, "d" + i, logprobs.get(i), i + 1);
      order.add(i);
    }
    Random random = new Random(seed);
    Collections.shuffle(order, random);
    List<ScoreAggregator> parts = new ArrayList<>();
    for (int p = 0; p < 3; p++) {
      parts.add(new ScoreAggregator(aggregation));
    }
    for (int i : order) {
      parts.get(random.nextInt(3)).add(i, "d" + i, logprobs.get(i), i + 1);
    }
    ScoreAggregator merged = parts.get(2).merge(parts.get(0)).merge(parts.get(1));
    assertThat(merged.finish()).isEqualTo(whole.finish());
  }

  @Provide
  Arbitrary<List<Double>> logprobs() {
    return Arbitraries.doubles().between(-500, 0).ofScale(9).list().ofMinSize(1).ofMaxSize(40);
  }
}
