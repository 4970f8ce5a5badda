package io.assay.engine.backend.tornado.kernel;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.math.TornadoMath;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * Which networks each row uses: routed experts 0 to N - 1 and, as number N, the network every row
 * uses (shared experts, or a dense layer's only one). A row has K routed slots, ascending by
 * expert, and a last slot for the network of all rows if there is one; a slot of a row is a
 * <em>pair</em>, and {@link Grouping} lists the pairs of each network. Both read the same control
 * words.
 */
public final class Routing {
  public static final int ROWS = 0;

  /** Routed experts N; 0 in dense layers. */
  public static final int EXPERTS = 1;

  /** Routed slots K. */
  public static final int PER_TOKEN = 2;

  /** Slots of a row: K, and one more with a network of all rows. */
  public static final int SLOTS = 3;

  public static final int GROUPS = 4;
  public static final int GROUPS_KEPT = 5;

  /** 1 for sigmoid, 0 for softmax. */
  public static final int SIGMOID = 6;

  /** 0 best of all, 1 groups by their best, 2 biased and groups by their two best. */
  public static final int METHOD = 7;

  public static final int NORMALIZE = 8;

  /** Where the correction bias lies in the vectors, or -1. */
  public static final int BIAS = 9;

  /** Where the factor of gate weights lies in the vectors. */
  public static final int SCALING = 10;

  /** Where in the index it stands for each row whether its networks are computed. */
  public static final int WANTED = 11;

  /** Networks: N, and one more with a network of all rows. */
  public static final int NETWORKS = 12;

  public static final int WORDS = 13;

  private static final float LOWEST = -3.0e38f;

  private Routing() {}

  /** Floats of scratch a row. */
  public static int scratch(int experts, int groups) {
    return experts + groups;
  }

  /** Ints of scratch a row. */
  public static int marks(int experts, int groups) {
    return 2 * experts + groups;
  }

  /**
   * Chooses; one work item a row.
   *
   * @param scores {@code [rows, N]}, from the router; become probabilities
   * @param scratch {@link #scratch} a row
   * @param marks {@link #marks} a row
   * @param ids receives {@code [rows, slots]}
   * @param gates receives {@code [rows, slots]}
   * @param byBias receives {@code [rows, slots]}, 1 where only the bias chose the expert
   */
  public static void chooseExperts(
      KernelContext context,
      int at,
      IntArray words,
      FloatArray v,
      FloatArray scores,
      FloatArray scratch,
      IntArray marks,
      IntArray ids,
      FloatArray gates,
      IntArray byBias) {
    int row = context.globalIdx;
    if (row >= words.get(at + ROWS)) {
      return;
    }
    int n = words.get(at + EXPERTS);
    int k = words.get(at + PER_TOKEN);
    int slots = words.get(at + SLOTS);
    int groups = words.get(at + GROUPS);
    int kept = words.get(at + GROUPS_KEPT);
    int method = words.get(at + METHOD);
    int bias = words.get(at + BIAS);
    int s = row * n;
    int c = row * (n + groups);
    int taken = row * (2 * n + groups);
    int o = row * slots;
    if (n > 0) {
      probabilities(words.get(at + SIGMOID), n, s, scores);
      choose(n, k, groups, kept, method, s, bias, c, taken + n, taken, v, scores, scratch, marks);
      int unbiased = taken;
      if (bias >= 0) {
        unbiased = taken + n + groups;
        choose(
            n, k, groups, kept, method, s, -1, c, taken + n, unbiased, v, scores, scratch, marks);
      }
      int i = 0;
      float sum = 1e-20f;
      for (int e = 0; e < n; e++) {
        if (marks.get(taken + e) == 1) {
          float gate = scores.get(s + e);
          ids.set(o + i, e);
          gates.set(o + i, gate);
          byBias.set(o + i, 1 - marks.get(unbiased + e));
          sum += gate;
          i++;
        }
      }
      float factor = v.get(words.get(at + SCALING));
      for (int j = 0; j < k; j++) {
        float gate = gates.get(o + j);
        if (words.get(at + NORMALIZE) == 1) {
          gate = gate / sum;
        }
        gates.set(o + j, gate * factor);
      }
    }
    if (slots > k) {
      ids.set(o + k, n);
      gates.set(o + k, 1f);
      byBias.set(o + k, 0);
    }
  }

  private static void probabilities(int sigmoid, int n, int s, FloatArray scores) {
    if (sigmoid == 1) {
      for (int e = s; e < s + n; e++) {
        scores.set(e, 1f / (1f + TornadoMath.exp(-scores.get(e))));
      }
    } else {
      float max = LOWEST;
      for (int e = s; e < s + n; e++) {
        max = TornadoMath.max(max, scores.get(e));
      }
      float sum = 0f;
      for (int e = s; e < s + n; e++) {
        float value = TornadoMath.exp(scores.get(e) - max);
        scores.set(e, value);
        sum += value;
      }
      for (int e = s; e < s + n; e++) {
        scores.set(e, scores.get(e) / sum);
      }
    }
  }

  /** Marks the best K of the groups that are kept; the lowest index wins ties. */
  private static void choose(
      int n,
      int k,
      int groups,
      int kept,
      int method,
      int s,
      int bias,
      int c,
      int keptAt,
      int taken,
      FloatArray v,
      FloatArray scores,
      FloatArray scratch,
      IntArray marks) {
    for (int e = 0; e < n; e++) {
      float score = scores.get(s + e);
      if (bias >= 0) {
        score += v.get(bias + e);
      }
      scratch.set(c + e, score);
      marks.set(taken + e, 0);
    }
    if (method > 0) {
      limitGroups(n, groups, kept, method, c, keptAt, scratch, marks);
    }
    for (int i = 0; i < k; i++) {
      int best = -1;
      float most = LOWEST;
      for (int e = 0; e < n; e++) {
        if (marks.get(taken + e) == 0) {
          float score = scratch.get(c + e);
          if (best < 0 || score > most) {
            best = e;
            most = score;
          }
        }
      }
      marks.set(taken + best, 1);
    }
  }

  private static void limitGroups(
      int n,
      int groups,
      int kept,
      int method,
      int c,
      int keptAt,
      FloatArray scratch,
      IntArray marks) {
    int size = n / groups;
    for (int g = 0; g < groups; g++) {
      float first = LOWEST;
      float second = LOWEST;
      for (int e = g * size; e < (g + 1) * size; e++) {
        float score = scratch.get(c + e);
        if (score > first) {
          second = first;
          first = score;
        } else if (score > second) {
          second = score;
        }
      }
      if (method == 2 && size > 1) {
        first += second;
      }
      scratch.set(c + n + g, first);
      marks.set(keptAt + g, 0);
    }
    for (int i = 0; i < kept; i++) {
      int best = -1;
      float most = LOWEST;
      for (int g = 0; g < groups; g++) {
        if (marks.get(keptAt + g) == 0) {
          float score = scratch.get(c + n + g);
          if (best < 0 || score > most) {
            best = g;
            most = score;
          }
        }
      }
      marks.set(keptAt + best, 1);
    }
    // V2 sets the others to 0; V3 needs less than any biased score, which may be negative.
    float masked = 0f;
    if (method == 2) {
      masked = LOWEST;
    }
    for (int e = 0; e < n; e++) {
      if (marks.get(keptAt + e / size) == 0) {
        scratch.set(c + e, masked);
      }
    }
  }
}
