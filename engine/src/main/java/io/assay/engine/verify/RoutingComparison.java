package io.assay.engine.verify;

import io.assay.engine.config.ModelConfig;
import io.assay.engine.trace.ForwardTrace.Routing;
import java.util.Arrays;
import java.util.List;

/** Chosen experts, gate weights and gate scores of layers, gathered over sequences. */
final class RoutingComparison {
  private final ModelConfig config;
  private final Tolerances tolerances;
  private final Comparison ids;
  private final Comparison weights;
  private final Comparison scores;
  private boolean scored;

  RoutingComparison(String name, String file, ModelConfig config, Tolerances tolerances) {
    this.config = config;
    this.tolerances = tolerances;
    this.ids = tolerances.choices(name + " experts", file);
    this.weights = tolerances.values(name + " weights", file, weightTolerance());
    this.scores = tolerances.values(name + " scores", file, tolerances.scores());
  }

  /**
   * Compares {@code <prefix>topk_ids}, {@code topk_weights} and, if there, {@code scores}.
   *
   * @param actual null if the engine does not route here
   * @param place of the tensors, for messages
   */
  void compare(GoldenTensors expected, String prefix, int rows, Routing actual, String place) {
    ModelConfig.Routing routing = config.ffn().routing();
    if (routing == null || actual == null) {
      ids.differ(place, "the engine has no experts here, the golden case has");
      return;
    }
    int perToken = routing.perToken();
    int[] expectedIds = expected.ints(prefix + "topk_ids", rows, perToken);
    float[] expectedWeights = expected.floats(prefix + "topk_weights", rows, perToken);
    for (int row = 0; row < rows; row++) {
      int from = row * perToken;
      int[] found = Arrays.copyOfRange(actual.ids(), from, from + perToken);
      int[] wanted = Arrays.copyOfRange(expectedIds, from, from + perToken);
      String at = place + " token " + row;
      ids.equal(Arrays.toString(found), Arrays.toString(wanted), () -> at);
      // Weights of other experts are not comparable; the experts' check has failed already.
      for (int k = 0; k < perToken && Arrays.equals(found, wanted); k++) {
        String expert = at + " expert " + wanted[k];
        weights.near(
            actual.weights()[from + k], expectedWeights[from + k], weightTolerance(), () -> expert);
      }
    }
    if (expected.contains(prefix + "scores")) {
      scored = true;
      int experts = routing.experts();
      float[] expectedScores = expected.floats(prefix + "scores", rows, experts);
      scores.near(
          actual.scores(),
          expectedScores,
          tolerances.scores(),
          i -> place + " token " + i / experts + " expert " + i % experts);
    }
  }

  List<Check> checks() {
    return scored
        ? List.of(ids.check(), weights.check(), scores.check())
        : List.of(ids.check(), weights.check());
  }

  private double weightTolerance() {
    ModelConfig.Routing routing = config.ffn().routing();
    return tolerances.scores() * (routing == null ? 1 : Math.max(1, routing.scaling()));
  }
}
