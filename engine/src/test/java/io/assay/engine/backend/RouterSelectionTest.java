package io.assay.engine.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.assay.engine.config.ModelConfig.Method;
import io.assay.engine.config.ModelConfig.Routing;
import io.assay.engine.config.ModelConfig.Scoring;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** Decisions worked out by hand from the published rules. */
class RouterSelectionTest {
  private static Routing routing(
      int experts, int k, int groups, int kept, Method method, boolean normalize, float scaling) {
    return new Routing(experts, k, 0, 8, groups, kept, Scoring.SIGMOID, method, normalize, scaling);
  }

  private static int[] ids(Routing routing, float[] bias, float[] weights, float... scores) {
    int[] ids = new int[routing.perToken()];
    new RouterSelection(routing, bias).select(scores, 0, ids, weights, 0);
    return ids;
  }

  @Test
  void tiesGoToTheLowestIndex() {
    Routing r = routing(4, 2, 1, 1, Method.GREEDY, false, 1f);
    float[] w = new float[2];
    assertThat(ids(r, null, w, 0.5f, 0.5f, 0.5f, 0.5f)).containsExactly(0, 1);
    assertThat(ids(r, null, w, 0.1f, 0.5f, 0.5f, 0.5f)).containsExactly(1, 2);
  }

  @Test
  void groupsAreRankedByTheSumOfTheirTwoBestBiasedScores() {
    // Group 1 has the best single expert, group 0 the best pair.
    Routing r = routing(6, 2, 2, 1, Method.NOAUX_TC, true, 2f);
    float[] w = new float[2];
    assertThat(ids(r, new float[6], w, 0.6f, 0.6f, 0.1f, 0.9f, 0.1f, 0.1f)).containsExactly(0, 1);
    assertThat(w[0]).isCloseTo(1f, within(1e-6f));
    // V2 ranks by the best one.
    Routing v2 = routing(6, 2, 2, 1, Method.GROUP_LIMITED_GREEDY, false, 1f);
    assertThat(ids(v2, null, w, 0.6f, 0.6f, 0.1f, 0.9f, 0.1f, 0.1f)).containsExactly(3, 4);
  }

  @Test
  void maskedGroupsLoseAgainstNegativeBiasedScores() {
    // All biased scores of the kept group are negative; a mask of 0 would choose the other group.
    Routing r = routing(4, 2, 2, 1, Method.NOAUX_TC, false, 1f);
    float[] bias = {-0.9f, -0.9f, -2f, -2f};
    float[] w = new float[2];
    assertThat(ids(r, bias, w, 0.5f, 0.4f, 0.9f, 0.9f)).containsExactly(0, 1);
    // The gate is the score itself, not what was compared.
    assertThat(w).containsExactly(0.5f, 0.4f);
  }

  @Test
  void biasChoosesButDoesNotWeigh() {
    Routing r = routing(3, 1, 1, 1, Method.NOAUX_TC, false, 2.5f);
    float[] w = new float[1];
    assertThat(ids(r, new float[] {0f, 0.5f, 0f}, w, 0.6f, 0.2f, 0.3f)).containsExactly(1);
    assertThat(w[0]).isEqualTo(0.2f * 2.5f);
  }

  /** Few distinct scores, so that ties are everywhere. */
  @Property
  void theBestAreThoseASortPutsFirst(
      @ForAll @Size(min = 8, max = 40) List<@IntRange(min = 0, max = 9) Integer> scores,
      @ForAll @IntRange(min = 1, max = 8) int k) {
    float[] s = new float[scores.size()];
    for (int e = 0; e < s.length; e++) {
      s[e] = scores.get(e) / 10f;
    }
    int[] expected =
        IntStream.range(0, s.length)
            .boxed()
            .sorted(Comparator.comparing(e -> -s[e])) // stable
            .limit(k)
            .mapToInt(Integer::intValue)
            .sorted()
            .toArray();
    Routing r = routing(s.length, k, 1, 1, Method.GREEDY, false, 1f);
    assertThat(ids(r, null, new float[k], s)).isEqualTo(expected);
    float[] bias = new float[s.length];
    bias[s.length - 1] = 1;
    RouterSelection biased = new RouterSelection(r, bias);
    int[] highest = new int[k + 1];
    biased.selectHighest(s, 0, highest, 1);
    assertThat(Arrays.copyOfRange(highest, 1, k + 1)).isEqualTo(expected);
    boolean[] byBias = new boolean[k];
    int[] chosen = new int[k];
    biased.select(s, 0, chosen, new float[k], 0);
    biased.compare(s, 0, chosen, 0, byBias);
    assertThat(chosen).contains(s.length - 1);
    for (int i = 0; i < k; i++) {
      assertThat(byBias[i]).isEqualTo(Arrays.binarySearch(expected, chosen[i]) < 0);
    }
  }
}
