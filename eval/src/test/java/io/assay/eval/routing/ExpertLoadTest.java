package io.assay.eval.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.groups.Tuple.tuple;

import io.assay.engine.trace.ExpertCounts;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class ExpertLoadTest {
  /** Layer 0 is dense; layer 1 has 4 experts, 2 of them for each of 3 tokens. */
  private static final ExpertCounts COUNTS =
      new ExpertCounts(
          new int[][] {null, {3, 2, 1, 0}},
          new double[][] {null, {1.5, 0.75, 0.25, 0}},
          new int[][] {null, {3, 0, 1, 0}},
          new int[][] {null, {0, 2, 0, 0}});

  /** Rows of one request, for every expert of every routed layer. */
  private static List<ExpertCount> rows(ExpertCounts counts, String domain, String phase) {
    List<ExpertCount> rows = new ArrayList<>();
    for (int layer = 0; layer < counts.tokens().length; layer++) {
      int[] tokens = counts.tokens()[layer];
      for (int expert = 0; tokens != null && expert < tokens.length; expert++) {
        rows.add(
            new ExpertCount(
                layer,
                expert,
                domain,
                phase,
                tokens[expert],
                ExpertCount.units(counts.weightSums()[layer][expert]),
                counts.groupFirsts()[layer][expert],
                counts.byBias()[layer][expert]));
      }
    }
    return rows;
  }

  @Test
  void relativeLoadByHand() {
    List<ExpertLoad> loads = ExpertLoad.of(rows(COUNTS, "code", "prompt"));
    assertThat(loads)
        .extracting(
            ExpertLoad::layer,
            ExpertLoad::expert,
            ExpertLoad::tokens,
            ExpertLoad::weightSum,
            ExpertLoad::relativeLoad)
        .containsExactly(
            tuple(1, 0, 3L, 1.5, 2.0),
            tuple(1, 1, 2L, 0.75, 2 * 4 / 6.0),
            tuple(1, 2, 1L, 0.25, 4 / 6.0),
            tuple(1, 3, 0L, 0.0, 0.0));
    assertThat(loads).extracting(ExpertLoad::domain).containsOnly("code");
    assertThat(loads).extracting(ExpertLoad::phase).containsOnly("prompt");
  }

  @Test
  void domainsAndPhasesAreApart() {
    List<ExpertCount> rows = new ArrayList<>(rows(COUNTS, "code", "prompt"));
    rows.addAll(rows(COUNTS, "code", "prompt"));
    rows.addAll(rows(COUNTS, "chat", "generated"));
    ExpertCounts none =
        new ExpertCounts(
            new int[][] {null, new int[4]}, new double[2][4], new int[2][4], new int[2][4]);
    rows.addAll(rows(none, "idle", "prompt"));
    List<ExpertLoad> loads = ExpertLoad.of(rows);
    assertThat(loads).hasSize(8);
    assertThat(loads.get(0).domain()).isEqualTo("chat");
    assertThat(loads.get(4).tokens()).isEqualTo(6);
    assertThat(loads.get(4).relativeLoad()).isEqualTo(2);
  }

  @Property(tries = 50)
  void sumsDoNotDependOnOrder(@ForAll long seed) {
    Random random = new Random(seed);
    List<ExpertCount> rows = new ArrayList<>();
    for (int request = 0; request < 30; request++) {
      double[] weights = {random.nextDouble(), random.nextDouble() * 1e3};
      rows.addAll(
          rows(
              new ExpertCounts(
                  new int[][] {{1, random.nextInt(9)}},
                  new double[][] {weights},
                  new int[1][2],
                  new int[1][2]),
              "d",
              "prompt"));
    }
    List<ExpertLoad> expected = ExpertLoad.of(rows);
    Collections.shuffle(rows, random);
    assertThat(ExpertLoad.of(rows)).isEqualTo(expected);
  }

  @Test
  void balanceByHand() {
    LoadBalance even = LoadBalance.of(5, 5, 5, 5);
    assertThat(even.maxViolation()).isZero();
    assertThat(even.variation()).isZero();
    assertThat(even.entropy()).isEqualTo(1, within(1e-15));
    assertThat(even.jain()).isEqualTo(1);
    LoadBalance one = LoadBalance.of(0, 0, 8, 0);
    assertThat(one.maxViolation()).isEqualTo(3);
    assertThat(one.variation()).isEqualTo(Math.sqrt(3), within(1e-15));
    assertThat(one.entropy()).isZero();
    assertThat(one.jain()).isEqualTo(0.25);
    // 6, 2: mean 4, deviation 2, shares 3/4 and 1/4, 64 / (2 * 40).
    LoadBalance skewed = LoadBalance.of(6, 2);
    assertThat(skewed.maxViolation()).isEqualTo(0.5);
    assertThat(skewed.variation()).isEqualTo(0.5);
    assertThat(skewed.entropy()).isEqualTo(0.8112781244591328, within(1e-15));
    assertThat(skewed.jain()).isEqualTo(0.8, within(1e-15));
  }

  @Property
  void balanceStaysWithinItsBounds(
      @ForAll @Size(min = 2, max = 64) List<@LongRange(min = 0, max = 1_000_000_000) Long> counts) {
    long[] tokens = counts.stream().mapToLong(Long::longValue).toArray();
    tokens[0]++;
    int experts = tokens.length;
    LoadBalance balance = LoadBalance.of(tokens);
    double rounding = 1e-9;
    assertThat(balance.maxViolation()).isBetween(-rounding, experts - 1 + rounding);
    assertThat(balance.entropy()).isBetween(0.0, 1 + rounding);
    assertThat(balance.jain()).isBetween(1.0 / experts - rounding, 1 + rounding);
    // Jain's index and the coefficient of variation say the same (Jain et al. 1984).
    assertThat(balance.jain())
        .isCloseTo(1 / (1 + balance.variation() * balance.variation()), within(rounding));
  }

  @Test
  void noTokenIsDropped() {
    assertThat(LoadBalance.tokens(1, new long[] {3, 2, 1, 0}, 2)).isEqualTo(3);
    assertThatThrownBy(() -> LoadBalance.tokens(1, new long[] {3, 2, 0, 0}, 2))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("layer 1 counted 5 choices");
    assertThatThrownBy(() -> LoadBalance.of(0, 0)).isInstanceOf(IllegalArgumentException.class);
  }
}
