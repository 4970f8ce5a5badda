package io.assay.eval.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.assay.engine.backend.RouterSelection;
import io.assay.engine.config.ModelConfig.Method;
import io.assay.engine.config.ModelConfig.Routing;
import io.assay.engine.config.ModelConfig.Scoring;
import io.assay.eval.routing.BiasCalibration.Result;
import io.assay.eval.routing.BiasCalibration.Settings;
import io.assay.eval.routing.BiasCalibration.Step;
import io.assay.eval.routing.BiasCalibration.Stop;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BiasCalibrationTest {
  private static final int TOKENS = 2000;

  /** Sigmoid scores of tokens that prefer some experts, routed as DeepSeek-V3 routes. */
  private record Skewed(Routing routing, float[][] scores) {
    static Skewed of(long seed, int experts, int groups, int kept, int chosen) {
      Random random = new Random(seed);
      double[] liked = random.doubles(experts, -1.5, 1.5).toArray();
      float[][] scores = new float[TOKENS][experts];
      for (float[] token : scores) {
        for (int e = 0; e < experts; e++) {
          token[e] = (float) (1 / (1 + Math.exp(-(liked[e] + random.nextGaussian()))));
        }
      }
      return new Skewed(
          new Routing(
              experts, chosen, 1, 8, groups, kept, Scoring.SIGMOID, Method.NOAUX_TC, true, 1),
          scores);
    }

    long[] loads(float[] bias) {
      long[] loads = new long[routing.experts()];
      int[] ids = new int[routing.perToken()];
      RouterSelection selection = new RouterSelection(routing, bias);
      for (float[] token : scores) {
        selection.select(token, 0, ids, new float[ids.length], 0);
        assertThat(Arrays.stream(ids).map(this::group).distinct().count())
            .isLessThanOrEqualTo(routing.groupsKept());
        for (int id : ids) {
          loads[id]++;
        }
      }
      return loads;
    }

    private int group(int expert) {
      return expert / (routing.experts() / routing.groups());
    }
  }

  private static SortedMap<Integer, float[]> biases(int experts, int... layers) {
    SortedMap<Integer, float[]> biases = new TreeMap<>();
    for (int layer : layers) {
      biases.put(layer, new float[experts]);
    }
    return biases;
  }

  @Test
  void oneUpdateIsThePapers() {
    float[] bias = {0.5f, -0.25f, 0, 1};
    assertThat(BiasCalibration.updated(bias, new long[] {10, 6, 0, 8}, 0.125f))
        .containsExactly(0.375f, -0.25f, 0.125f, 0.875f);
    assertThat(bias).containsExactly(0.5f, -0.25f, 0, 1);
    // The mean is 5/3: neither 1 nor 2 is at it.
    assertThat(BiasCalibration.updated(new float[3], new long[] {1, 2, 2}, 1))
        .containsExactly(1, -1, -1);
  }

  @ParameterizedTest
  @CsvSource({
    "1, 16, 4, 2, 4",
    "2, 16, 1, 1, 4",
    "3, 32, 8, 4, 8",
    "4, 8, 2, 1, 2",
    "5, 12, 3, 2, 1"
  })
  void skewedLoadsAreEvenedOut(long seed, int experts, int groups, int kept, int chosen) {
    Skewed first = Skewed.of(seed, experts, groups, kept, chosen);
    Skewed second = Skewed.of(seed + 100, experts, groups, kept, chosen);
    List<Step> heard = new ArrayList<>();
    Result result =
        BiasCalibration.run(
            biases(experts, 1, 2),
            new Settings(0.01f, 0, 400, 20),
            biases ->
                new TreeMap<>(
                    Map.of(1, first.loads(biases.get(1)), 2, second.loads(biases.get(2)))),
            heard::add);
    Step before = result.steps().getFirst();
    Step after = result.steps().get(result.kept());
    assertThat(before.maxVio()).isGreaterThan(0.5);
    assertThat(after.maxVio()).isLessThan(0.2 * before.maxVio());
    assertThat(heard).isEqualTo(result.steps());
    assertThat(result.steps()).allMatch(step -> step.maxVio() >= after.maxVio());
    assertThat(result.stop()).isEqualTo(Stop.NO_IMPROVEMENT);
    assertThat(result.steps()).hasSize(result.kept() + 20 + 1);
    // The biases that are returned have the loads, and the MaxVio, that are reported.
    assertThat(first.loads(result.biases().get(1))).isEqualTo(result.after().get(1));
    assertThat(second.loads(result.biases().get(2))).isEqualTo(result.after().get(2));
    assertThat(first.loads(new float[experts])).isEqualTo(result.before().get(1));
    double mean =
        (LoadBalance.of(result.after().get(1)).maxViolation()
                + LoadBalance.of(result.after().get(2)).maxViolation())
            / 2;
    assertThat(after.maxVio()).isCloseTo(mean, within(1e-15));
    // No token is dropped, whatever the biases.
    assertThat(Arrays.stream(result.after().get(1)).sum()).isEqualTo((long) TOKENS * chosen);
  }

  @Test
  void itEndsAtTheTarget() {
    Skewed traffic = Skewed.of(9, 16, 4, 2, 4);
    Settings settings = new Settings(0.01f, 0.3, 400, 20);
    Result result = run(traffic, settings);
    assertThat(result.stop()).isEqualTo(Stop.TARGET_REACHED);
    assertThat(result.kept()).isEqualTo(result.steps().size() - 1).isPositive();
    assertThat(result.steps().getLast().worstMaxVio()).isLessThanOrEqualTo(0.3);
    assertThat(result.steps().subList(0, result.kept())).allMatch(step -> step.worstMaxVio() > 0.3);
    assertThat(run(traffic, new Settings(0.01f, 100, 400, 20)).steps()).hasSize(1);
  }

  @Test
  void itEndsWhenNoMoreAreAllowedAndKeepsTheModelsOwnIfNothingIsBetter() {
    Skewed traffic = Skewed.of(9, 16, 4, 2, 4);
    Result few = run(traffic, new Settings(0.01f, 0, 3, 20));
    assertThat(few.stop()).isEqualTo(Stop.MAX_ITERATIONS);
    assertThat(few.steps()).hasSize(4);
    SortedMap<Integer, float[]> initial = biases(4, 7);
    Result none =
        BiasCalibration.run(
            initial,
            new Settings(1, 0, 50, 5),
            biases -> {
              // Every update makes it worse.
              long moved = Math.round((double) Math.abs(biases.get(7)[0]));
              return new TreeMap<>(Map.of(7, new long[] {20 + 10 * moved, 10, 10, 10}));
            },
            step -> {});
    assertThat(none.kept()).isZero();
    assertThat(none.biases().get(7)).containsExactly(0, 0, 0, 0);
    assertThat(none.stop()).isEqualTo(Stop.NO_IMPROVEMENT);
  }

  private static Result run(Skewed traffic, Settings settings) {
    return BiasCalibration.run(
        biases(traffic.routing().experts(), 3),
        settings,
        biases -> new TreeMap<>(Map.of(3, traffic.loads(biases.get(3)))),
        step -> {});
  }
}
