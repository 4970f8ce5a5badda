package io.assay.tests.reference;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/** Which experts one token goes to. */
public final class ReferenceRouter {
  private ReferenceRouter() {}

  /**
   * @param ids chosen experts, ascending
   * @param weights gate weights in the same order, normalised and scaled
   * @param scores of all experts, without bias
   * @param margin smallest distance between something chosen and something left, groups included
   */
  public record Decision(int[] ids, double[] weights, double[] scores, double margin) {}

  /**
   * @param logits {@code [experts]} of the gate
   * @param bias {@code e_score_correction_bias}, or zeros
   */
  static Decision route(ReferenceConfig c, double[] logits, double[] bias) {
    int n = c.experts();
    double[] scores = c.sigmoid() ? sigmoid(logits) : softmax(logits);
    double[] choice = new double[n];
    for (int e = 0; e < n; e++) {
      choice[e] = scores[e] + bias[e];
    }
    double margin = Double.POSITIVE_INFINITY;
    if (!c.method().equals("greedy")) {
      boolean v3 = c.method().equals("noaux_tc");
      int size = n / c.groups();
      double[] group = new double[c.groups()];
      for (int g = 0; g < group.length; g++) {
        double[] members = Arrays.copyOfRange(choice, g * size, (g + 1) * size);
        Arrays.sort(members);
        group[g] = v3 ? members[size - 1] + members[size - 2] : members[size - 1];
      }
      int[] order = descending(group);
      if (c.groupsKept() < group.length) {
        margin = group[order[c.groupsKept() - 1]] - group[order[c.groupsKept()]];
      }
      for (int g = c.groupsKept(); g < group.length; g++) {
        Arrays.fill(
            choice, order[g] * size, (order[g] + 1) * size, v3 ? Double.NEGATIVE_INFINITY : 0);
      }
    }
    int[] order = descending(choice);
    if (c.perToken() < n) {
      margin = Math.min(margin, choice[order[c.perToken() - 1]] - choice[order[c.perToken()]]);
    }
    int[] ids = Arrays.copyOf(order, c.perToken());
    Arrays.sort(ids);
    double[] weights = new double[ids.length];
    double sum = 1e-20;
    for (int id : ids) {
      sum += scores[id];
    }
    // transformers and DeepSeek's inference code normalise only the sigmoid scores of V3.
    boolean normalize = c.normalize() && c.sigmoid();
    for (int k = 0; k < ids.length; k++) {
      weights[k] = scores[ids[k]] / (normalize ? sum : 1) * c.scaling();
    }
    return new Decision(ids, weights, scores, margin);
  }

  /** Indices by falling value, lowest index first on ties. */
  private static int[] descending(double[] values) {
    return IntStream.range(0, values.length)
        .boxed()
        .sorted(Comparator.comparingDouble((Integer i) -> -values[i]))
        .mapToInt(Integer::intValue)
        .toArray();
  }

  private static double[] sigmoid(double[] logits) {
    return Arrays.stream(logits).map(x -> 1 / (1 + Math.exp(-x))).toArray();
  }

  private static double[] softmax(double[] logits) {
    double max = Arrays.stream(logits).max().orElseThrow();
    double[] out = Arrays.stream(logits).map(x -> Math.exp(x - max)).toArray();
    double sum = Arrays.stream(out).sum();
    return Arrays.stream(out).map(x -> x / sum).toArray();
  }
}
