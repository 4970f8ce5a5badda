package io.assay.engine.generate;

import java.util.Arrays;

/**
 * Draws a token from logits. The random number of step i of a request is a function of its seed and
 * i alone, so a request draws the same tokens in any batch.
 */
final class Sampler {
  private Sampler() {}

  /**
   * @param logits {@code [vocab]} from {@code o}
   * @param step tokens emitted before
   */
  static int draw(float[] logits, int o, int vocab, GenerateRequest request, int step) {
    double[] p = new double[vocab];
    float max = Float.NEGATIVE_INFINITY;
    for (int v = 0; v < vocab; v++) {
      max = Math.max(max, logits[o + v]);
    }
    Integer[] order = new Integer[vocab];
    double total = 0;
    for (int v = 0; v < vocab; v++) {
      p[v] = StrictMath.exp(((double) logits[o + v] - max) / request.temperature());
      total += p[v];
      order[v] = v;
    }
    // A stable sort: equal probabilities stay in the order of ids.
    Arrays.sort(order, (a, b) -> Double.compare(p[b], p[a]));
    double kept = 0;
    int nucleus = 0;
    while (nucleus < vocab && kept < request.topP() * total) {
      kept += p[order[nucleus++]];
    }
    double mark = uniform(request.seed(), step) * kept;
    double passed = 0;
    for (int i = 0; i < nucleus; i++) {
      passed += p[order[i]];
      if (mark < passed) {
        return order[i];
      }
    }
    return order[Math.max(nucleus - 1, 0)];
  }

  /** Uniform in [0, 1): SplitMix64 (Steele, Lea, Flood 2014) of seed and step. */
  static double uniform(long seed, long step) {
    long z = mix(mix(seed) + (step + 1) * 0x9E3779B97F4A7C15L);
    return (z >>> 11) * 0x1p-53;
  }

  private static long mix(long z) {
    long a = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    long b = (a ^ (a >>> 27)) * 0x94D049BB133111EBL;
    return b ^ (b >>> 31);
  }
}
