package io.assay.eval.comparison;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.assay.eval.statistics.Aggregation;
import io.assay.eval.statistics.Clusters;
import io.assay.eval.statistics.Observations;
import java.util.List;
import java.util.Random;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Against CPython 3 and SciPy 1.17: {@code scipy.stats.binomtest(lost, gained + lost)}, and
 *
 * <pre>
 * def boot(agg, a, b, units, R=10000):       # units: lists of documents
 *     rng, reps = random.Random(0), []
 *     for _ in range(R):
 *         docs = [d for u in rng.choices(range(len(units)), k=len(units)) for d in units[u]]
 *         reps.append(agg([b[d] for d in docs]) - agg([a[d] for d in docs]))
 *     delta = agg(b) - agg(a)
 *     p = (1 + sum(abs(r - delta) >= abs(delta) * (1 - 1e-9) for r in reps)) / (1 + R)
 *     low, high = numpy.quantile(reps, [alpha / 2, 1 - alpha / 2])
 *     mde = (norm.ppf(1 - alpha / 2) + norm.ppf(0.8)) * statistics.stdev(reps)
 * </pre>
 */
class PairedDifferenceTest {
  private static final int N = 40;

  private static double[] column(IntToDoubleFunction value) {
    return IntStream.range(0, N).mapToDouble(value).toArray();
  }

  private static final double[] LENGTH = column(d -> 10 + d % 5);
  private static final double[] LOGPROB = column(d -> -(20 + (7 * d) % 13));
  private static final double[] OTHER = column(d -> LOGPROB[d] - (d % 4) * 0.25 + (d % 7) * 0.15);
  private static final double[] RIGHT = column(d -> d % 3 > 0 ? 1 : 0);
  private static final double[] RIGHT_TOO =
      column(d -> (d % 3 > 0 && d % 5 > 0) || d % 10 == 0 ? 1 : 0);

  private static final Clusters TENS =
      Clusters.named(IntStream.range(0, N).mapToObj(d -> "text " + d / 4).toList());

  @ParameterizedTest
  @CsvSource({
    "12, 3, 0.03515625",
    "5, 15, 0.04138946533203125",
    "40, 60, 0.05688793364098089",
    "600, 400, 2.728464156065947e-10",
    "0, 0, 1",
    "3, 3, 1",
    "0, 1, 1"
  })
  void mcNemarIsTheBinomialTest(int gained, int lost, double p) {
    assertThat(McNemar.pValue(gained, lost)).isCloseTo(p, within(1e-10 * p));
  }

  @Test
  void holmStepsDown() {
    assertThat(Holm.adjusted(new double[] {0.01, 0.04, 0.03, 0.005, 0.5}))
        .containsExactly(new double[] {0.04, 0.09, 0.09, 0.025, 0.5}, within(1e-15));
    assertThat(Holm.adjusted(new double[] {0.6, 0.7})).containsExactly(1, 1);
    assertThat(Holm.adjusted(new double[0])).isEmpty();
  }

  @Test
  void perplexityIsResampledByDocument() {
    PairedDifference found = perplexity(null);
    assertThat(found.baseline()).isCloseTo(8.620703265449489, within(1e-12));
    assertThat(found.value()).isCloseTo(8.580388280956512, within(1e-12));
    assertThat(found.delta().value()).isCloseTo(-0.040314984492976436, within(1e-12));
    assertThat(found.delta().low()).isCloseTo(-0.12750054404853434, within(1e-9));
    assertThat(found.delta().high()).isCloseTo(0.04889656926209186, within(1e-9));
    assertThat(found.pValue()).isCloseTo(0.36396360363963604, within(1e-12));
    assertThat(found.detectable()).isCloseTo(0.12558167599256856, within(1e-9));
    assertThat(found.test()).isEqualTo("bootstrap");
    assertThat(found.clusters()).isZero();
  }

  @Test
  void perplexityIsResampledByCluster() {
    PairedDifference found = perplexity(TENS);
    assertThat(found.delta().low()).isCloseTo(-0.10509414482156751, within(1e-9));
    assertThat(found.delta().high()).isCloseTo(0.021843044381302905, within(1e-9));
    assertThat(found.pValue()).isCloseTo(0.2258774122587741, within(1e-12));
    assertThat(found.detectable()).isCloseTo(0.09060400454425814, within(1e-9));
    assertThat(found.clusters()).isEqualTo(10);
  }

  private static PairedDifference perplexity(Clusters clusters) {
    return PairedDifference.of(
        Aggregation.WEIGHTED_PERPLEXITY,
        Observations.of(LOGPROB, LENGTH),
        Observations.of(OTHER, LENGTH),
        clusters,
        0.05);
  }

  @Test
  void accuracyIsMcNemarsWithAnIntervalOfResamples() {
    PairedDifference found = accuracy(null, 0.05);
    assertThat(found.test()).isEqualTo("mcnemar");
    assertThat(found.pValue()).isCloseTo(1, within(1e-12)); // 2 gained, 3 lost
    assertThat(found.delta().value()).isCloseTo(-0.025, within(1e-15));
    assertThat(found.delta().low()).isCloseTo(-0.125, within(1e-12));
    assertThat(found.delta().high()).isCloseTo(0.075, within(1e-12));
    assertThat(found.detectable()).isCloseTo(0.15595376775638825, within(1e-9));
  }

  @Test
  void clusteredAccuracyIsResampledByCluster() {
    PairedDifference found = accuracy(TENS, 0.01);
    assertThat(found.test()).isEqualTo("bootstrap");
    assertThat(found.pValue()).isCloseTo(0.8174182581741826, within(1e-12));
    assertThat(found.delta().low()).isCloseTo(-0.15, within(1e-12));
    assertThat(found.delta().high()).isCloseTo(0.10012499999998008, within(1e-9));
    assertThat(found.detectable()).isCloseTo(0.1880700323729376, within(1e-9));
  }

  private static PairedDifference accuracy(Clusters clusters, double alpha) {
    return PairedDifference.of(
        Aggregation.MEAN, Observations.of(RIGHT), Observations.of(RIGHT_TOO), clusters, alpha);
  }

  @Test
  void equalRunsDifferByExactlyNothing() {
    for (Aggregation aggregation : List.of(Aggregation.WEIGHTED_PERPLEXITY, Aggregation.MEAN)) {
      PairedDifference found =
          PairedDifference.of(
              aggregation,
              Observations.of(LOGPROB, LENGTH),
              Observations.of(LOGPROB.clone(), LENGTH.clone()),
              null,
              0.05);
      assertThat(found.delta().value()).isZero();
      assertThat(found.delta().low()).isZero();
      assertThat(found.delta().high()).isZero();
      assertThat(found.pValue()).isEqualTo(1);
    }
  }

  @Test
  void oneDocumentIsNoEvidence() {
    PairedDifference found =
        PairedDifference.of(
            Aggregation.PERPLEXITY,
            Observations.of(new double[] {-1}),
            Observations.of(new double[] {-5}),
            null,
            0.05);
    assertThat(found.pValue()).isEqualTo(1);
    assertThat(found.delta().low()).isNaN();
  }

  /** Under no difference p-values are uniform, or nearly so: not too many are small. */
  @Test
  void fewTestsRejectWhatIsTrue() {
    Random random = new Random(3);
    int rejected = 0;
    for (int trial = 0; trial < 400; trial++) {
      PairedDifference found =
          PairedDifference.of(
              Aggregation.MEAN,
              Observations.of(random.doubles(60).toArray()),
              Observations.of(random.doubles(60).toArray()),
              null,
              0.05);
      rejected += found.pValue() < 0.05 ? 1 : 0;
    }
    // 20 expected, standard deviation 4.4; the bootstrap's are a little liberal.
    assertThat(rejected).isBetween(8, 36);
  }
}
