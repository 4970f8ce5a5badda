package io.assay.eval.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
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
      aggregator.add(i, "d" + i, DocumentValue.of(i == 0));
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
    words
        .add(0, "a", DocumentValue.of(-2 * Math.log(2), 1))
        .add(1, "b", DocumentValue.of(-4 * Math.log(2), 2));
    assertThat(words.finish().value()).isEqualTo(4, within(1e-15));
    ScoreAggregator bits = new ScoreAggregator(Aggregation.BITS_PER_BYTE);
    bits.add(0, "a", DocumentValue.of(-6 * Math.log(2), 2));
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
    double closed = StandardError.ofMean(values) * Math.sqrt(399.0 / 400);
    // 1000 resamples: the relative error of a deviation is about 1 / sqrt(2000) = 2.2 %.
    assertThat(Bootstrap.standardError(Aggregation.NANMEAN, Observations.of(values)))
        .isCloseTo(closed, within(0.08 * closed));
  }

  /**
   * Clusters {0, 1} and {2, 3} of the values 1, 1, 0, 0: deviations +-0.5, four pairs i != j of
   * product 0.25. Independent: variance (4 * 0.25 / 3) / 4 = 1/12; the pairs add 4 * 0.25 / 16.
   */
  @Test
  void clusteredErrorByHand() {
    ScoreAggregator aggregator = new ScoreAggregator(Aggregation.MEAN);
    for (int i = 0; i < 4; i++) {
      aggregator.add(i, "d" + i, i < 2 ? "a" : "b", DocumentValue.of(i < 2));
    }
    ScoreAggregator.Estimate estimate = aggregator.finish();
    assertThat(estimate.stderr()).isCloseTo(Math.sqrt(1 / 12.0 + 1 / 16.0), within(1e-15));
    assertThat(estimate.clusters()).isEqualTo(2);
  }

  /** Copies of a document say nothing new: the error stays that of the originals, nearly. */
  @Test
  void copiesInAClusterDoNotShrinkTheError() {
    Random random = new Random(11);
    for (Aggregation aggregation : List.of(Aggregation.MEAN, Aggregation.PERPLEXITY)) {
      ScoreAggregator once = new ScoreAggregator(aggregation);
      ScoreAggregator copied = new ScoreAggregator(aggregation);
      for (int i = 0; i < 200; i++) {
        DocumentValue value = DocumentValue.of(random.nextDouble());
        once.add(i, "d" + i, value);
        for (int copy = 0; copy < 5; copy++) {
          copied.add(5 * i + copy, "d" + i + "#" + copy, "c" + i, value);
        }
      }
      assertThat(copied.finish().value()).isCloseTo(once.finish().value(), within(1e-12));
      assertThat(copied.finish().stderr())
          .isCloseTo(once.finish().stderr(), within(0.005 * once.finish().stderr()));
    }
  }

  @Test
  void oneClusterHasNoError() {
    ScoreAggregator aggregator = new ScoreAggregator(Aggregation.MEAN);
    for (int i = 0; i < 4; i++) {
      aggregator.add(i, "d" + i, "only", DocumentValue.of(i < 2));
    }
    assertThat(aggregator.finish().stderr()).isNaN();
  }

  /** sklearn 1.9.1: matthews_corrcoef([0,1,2,2,1,0,-100],[0,2,2,2,1,1,0]). */
  @Test
  void matthewsCorrelationIsSklearns() {
    ScoreAggregator aggregator = new ScoreAggregator(Aggregation.MATTHEWS_CORRCOEF);
    int[] gold = {0, 1, 2, 2, 1, 0, -100};
    int[] predicted = {0, 2, 2, 2, 1, 1, 0};
    for (int i = 0; i < gold.length; i++) {
      aggregator.add(i, "d" + i, DocumentValue.of(gold[i], predicted[i]));
    }
    assertThat(aggregator.finish().value()).isCloseTo(0.41247895569215276, within(1e-15));
  }

  @Test
  void medianIsTheUpperOne() {
    ScoreAggregator aggregator = new ScoreAggregator(Aggregation.MEDIAN);
    double[] values = {4, 1, 3, 2};
    for (int i = 0; i < values.length; i++) {
      aggregator.add(i, "d" + i, DocumentValue.of(values[i]));
    }
    assertThat(aggregator.finish().value()).isEqualTo(3);
  }

  @Property(tries = 30)
  void partitioningAndOrderDoNotMatter(
      @ForAll("logprobs") List<Double> logprobs,
      @ForAll Aggregation aggregation,
      @ForAll long seed) {
    Random random = new Random(seed);
    boolean clustered = random.nextBoolean();
    List<Integer> order = new ArrayList<>();
    List<DocumentValue> values = new ArrayList<>();
    ScoreAggregator whole = new ScoreAggregator(aggregation);
    for (int i = 0; i < logprobs.size(); i++) {
      // As many statistics as the widest aggregation reads.
      double[] statistics = new double[24];
      Arrays.setAll(statistics, c -> c == 0 ? 0 : random.nextInt(1, 9));
      statistics[0] = logprobs.get(i);
      values.add(DocumentValue.of(statistics));
      whole.add(i, "d" + i, clustered ? "c" + i % 4 : null, values.get(i));
      order.add(i);
    }
    Collections.shuffle(order, random);
    List<ScoreAggregator> parts = new ArrayList<>();
    for (int p = 0; p < 3; p++) {
      parts.add(new ScoreAggregator(aggregation));
    }
    for (int i : order) {
      parts.get(random.nextInt(3)).add(i, "d" + i, clustered ? "c" + i % 4 : null, values.get(i));
    }
    ScoreAggregator merged = parts.get(2).merge(parts.get(0)).merge(parts.get(1));
    assertThat(merged.finish()).isEqualTo(whole.finish());
  }

  @Provide
  Arbitrary<List<Double>> logprobs() {
    return Arbitraries.doubles().between(-500, 0).ofScale(9).list().ofMinSize(1).ofMaxSize(40);
  }
}
