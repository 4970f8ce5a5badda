package io.assay.engine.backend;

import io.assay.engine.config.ModelConfig.Routing;
import java.util.Arrays;

/**
 * Which experts a token uses and with what weight, given its scores: the whole decision on one
 * screen. Ties go to the lowest index, everywhere.
 */
public final class RouterSelection {
  private final Routing routing;
  private final float[] bias;
  private final float[] choice;
  private final boolean[] keptGroup;
  private final float[] groupScore;
  private final int[] unbiased;

  /**
   * @param bias {@code e_score_correction_bias [experts]}, or null
   */
  public RouterSelection(Routing routing, float[] bias) {
    this.routing = routing;
    this.bias = bias;
    this.choice = new float[routing.experts()];
    this.keptGroup = new boolean[routing.groups()];
    this.groupScore = new float[routing.groups()];
    this.unbiased = new int[routing.perToken()];
  }

  /**
   * @param scores sigmoid or softmax {@code [experts]} from {@code s}
   * @param ids receives K ascending expert ids from {@code o}
   * @param weights receives their gate weights in the same order
   */
  public void select(float[] scores, int s, int[] ids, float[] weights, int o) {
    choose(scores, s, bias, ids, o);
    weigh(scores, s, ids, weights, o);
  }

  /**
   * The experts with the highest scores, whatever their bias and group.
   *
   * @param scores as for {@link #select}
   * @param ids receives K ascending expert ids from {@code o}
   */
  public void selectHighest(float[] scores, int s, int[] ids, int o) {
    System.arraycopy(scores, s, choice, 0, choice.length);
    takeBest(ids, o);
  }

  /**
   * Marks the experts that the scores alone, within the groups that they alone keep, would not have
   * chosen.
   *
   * @param scores as for {@link #select}
   * @param ids the K chosen experts from {@code o}
   * @param byBias receives one mark for each of them, from {@code o}
   */
  public void compare(float[] scores, int s, int[] ids, int o, boolean[] byBias) {
    if (bias == null) {
      return;
    }
    choose(scores, s, null, unbiased, 0);
    for (int i = 0; i < unbiased.length; i++) {
      byBias[o + i] = Arrays.binarySearch(unbiased, ids[o + i]) < 0;
    }
  }

  private void choose(float[] scores, int s, float[] added, int[] ids, int o) {
    int n = routing.experts();
    for (int e = 0; e < n; e++) {
      choice[e] = added == null ? scores[s + e] : scores[s + e] + added[e];
    }
    switch (routing.method()) {
      case GREEDY -> {}
      case GROUP_LIMITED_GREEDY -> limitGroups(false, 0f);
      // Masked with minus infinity, not 0: a biased score may be negative.
      case NOAUX_TC -> limitGroups(true, Float.NEGATIVE_INFINITY);
    }
    takeBest(ids, o);
  }

  /** Keeps the best groups by the sum of their two best scores (V3) or by their best one (V2). */
  private void limitGroups(boolean twoBest, float masked) {
    int groups = routing.groups();
    int size = routing.experts() / groups;
    for (int g = 0; g < groups; g++) {
      float first = Float.NEGATIVE_INFINITY;
      float second = Float.NEGATIVE_INFINITY;
      for (int e = g * size; e < (g + 1) * size; e++) {
        if (choice[e] > first) {
          second = first;
          first = choice[e];
        } else if (choice[e] > second) {
          second = choice[e];
        }
      }
      groupScore[g] = twoBest && size > 1 ? first + second : first;
      keptGroup[g] = false;
    }
    for (int kept = 0; kept < routing.groupsKept(); kept++) {
      int best = -1;
      for (int g = 0; g < groups; g++) {
        if (!keptGroup[g] && (best < 0 || groupScore[g] > groupScore[best])) {
          best = g;
        }
      }
      keptGroup[best] = true;
    }
    for (int e = 0; e < routing.experts(); e++) {
      if (!keptGroup[e / size]) {
        choice[e] = masked;
      }
    }
  }

  /** The K best, found while the values pass once: an equal one stays behind those before it. */
  private void takeBest(int[] ids, int o) {
    int k = routing.perToken();
    int taken = 0;
    float least = Float.NaN; // of those taken, once there are K; most values end at this comparison
    for (int e = 0; e < choice.length; e++) {
      float value = choice[e];
      if (taken == k && !(value > least)) {
        continue;
      }
      int i = taken < k ? taken++ : k - 1;
      while (i > 0 && value > choice[ids[o + i - 1]]) {
        ids[o + i] = ids[o + i - 1];
        i--;
      }
      ids[o + i] = e;
      least = choice[ids[o + taken - 1]];
    }
    Arrays.sort(ids, o, o + k);
  }

  /** Gate weights are the unbiased scores, normalised if the model says so, times the factor. */
  private void weigh(float[] scores, int s, int[] ids, float[] weights, int o) {
    int k = routing.perToken();
    float sum = 1e-20f;
    for (int i = 0; i < k; i++) {
      weights[o + i] = scores[s + ids[o + i]];
      sum += weights[o + i];
    }
    for (int i = 0; i < k; i++) {
      float w = routing.normalize() ? weights[o + i] / sum : weights[o + i];
      weights[o + i] = w * routing.scaling();
    }
  }
}
