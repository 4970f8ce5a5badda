package io.assay.engine.backend.cpu;

import io.assay.engine.backend.cpu.x86.ExponentialRoutine;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * exp and what is made of it, with one definition of their bits. {@link Math#exp} may differ in the
 * last place from machine to machine; these use only operations that IEEE 754 fixes, and the vector
 * loops do the same operations as the scalar ones.
 */
final class Elementary {
  private static final VectorSpecies<Float> F = FloatVector.SPECIES_PREFERRED;
  private static final float LOG2E = 1.44269504f;
  // ln 2 in two parts, the first with trailing zero bits: n * LN2_HIGH is exact for |n| < 2^9.
  private static final float LN2_HIGH = 0.693359375f;
  private static final float LN2_LOW = -2.12194440e-4f;
  // Adding and subtracting 1.5 * 2^23 rounds to the nearest integer.
  private static final float ROUND = 12582912f;
  // Below this the result would be subnormal: taken as zero.
  private static final float LOWEST = -87.3f;
  private static final float HIGHEST = 88.3f;
  // exp(r) on |r| <= ln 2 / 2 as 1 + r + r^2 p(r): minimax coefficients of the Cephes library.
  private static final float P0 = 1.9875691500e-4f;
  private static final float P1 = 1.3981999507e-3f;
  private static final float P2 = 8.3334519073e-3f;
  private static final float P3 = 4.1665795894e-2f;
  private static final float P4 = 1.6666665459e-1f;
  private static final float P5 = 5.0000001201e-1f;

  /** The same loops in machine code, or null. */
  private static final ExponentialRoutine MACHINE =
      Kernels.machine(
          "exp",
          () ->
              new ExponentialRoutine(
                  LOWEST, HIGHEST, LOG2E, ROUND, LN2_HIGH, LN2_LOW, P0, P1, P2, P3, P4, P5));

  private Elementary() {}

  /** e to the x, within 2 units in the last place; 0 below -87.3, infinity above 88.3. */
  static float exp(float x) {
    if (x < LOWEST) {
      return 0f;
    }
    if (x > HIGHEST) {
      return Float.POSITIVE_INFINITY;
    }
    float n = Math.fma(x, LOG2E, ROUND) - ROUND;
    float r = Math.fma(n, -LN2_HIGH, x);
    r = Math.fma(n, -LN2_LOW, r);
    float p = Math.fma(r, P0, P1);
    p = Math.fma(r, p, P2);
    p = Math.fma(r, p, P3);
    p = Math.fma(r, p, P4);
    p = Math.fma(r, p, P5);
    p = Math.fma(r * r, p, r) + 1f;
    return p * Float.intBitsToFloat(((int) n + 127) << 23);
  }

  private static FloatVector exp(FloatVector x) {
    VectorMask<Float> low = x.lt(LOWEST);
    VectorMask<Float> high = x.compare(VectorOperators.GT, HIGHEST);
    FloatVector n =
        x.fma(FloatVector.broadcast(F, LOG2E), FloatVector.broadcast(F, ROUND)).sub(ROUND);
    FloatVector r = n.fma(FloatVector.broadcast(F, -LN2_HIGH), x);
    r = n.fma(FloatVector.broadcast(F, -LN2_LOW), r);
    FloatVector p = r.fma(FloatVector.broadcast(F, P0), FloatVector.broadcast(F, P1));
    p = r.fma(p, FloatVector.broadcast(F, P2));
    p = r.fma(p, FloatVector.broadcast(F, P3));
    p = r.fma(p, FloatVector.broadcast(F, P4));
    p = r.fma(p, FloatVector.broadcast(F, P5));
    p = r.mul(r).fma(p, r).add(1f);
    IntVector power =
        ((IntVector) n.convert(VectorOperators.F2I, 0)).add(127).lanewise(VectorOperators.LSHL, 23);
    return p.mul(power.reinterpretAsFloats()).blend(0f, low).blend(Float.POSITIVE_INFINITY, high);
  }

  /** 1 / (1 + exp(-x)). */
  static float sigmoid(float x) {
    return 1f / (1f + exp(-x));
  }

  /** {@code gate[i] = silu(gate[i]) * up[i]}, silu(x) = x * sigmoid(x). */
  static void siluTimes(float[] gate, int g, float[] up, int u, int n) {
    int i = 0;
    if (MACHINE != null) {
      int steps = n / ExponentialRoutine.STEP;
      MACHINE.siluTimes(gate, g, up, u, steps);
      i = steps * ExponentialRoutine.STEP;
    } else {
      i = siluByVectors(gate, g, up, u, n);
    }
    for (; i < n; i++) {
      gate[g + i] = gate[g + i] * sigmoid(gate[g + i]) * up[u + i];
    }
  }

  /** As many elements as fill vectors; how many that were. */
  static int siluByVectors(float[] gate, int g, float[] up, int u, int n) {
    int i = 0;
    for (; i + F.length() <= n; i += F.length()) {
      FloatVector x = FloatVector.fromArray(F, gate, g + i);
      FloatVector s = exp(x.neg()).add(1f);
      x.mul(FloatVector.broadcast(F, 1f).div(s))
          .mul(FloatVector.fromArray(F, up, u + i))
          .intoArray(gate, g + i);
    }
    return i;
  }

  /** {@code x[i] = exp(x[i] * scale - max)} for i below n. */
  static void expScaled(float[] x, int o, int n, float scale, float max) {
    int i = 0;
    if (MACHINE != null) {
      int steps = n / ExponentialRoutine.STEP;
      MACHINE.expScaled(x, o, steps, scale, max);
      i = steps * ExponentialRoutine.STEP;
    } else {
      i = expByVectors(x, o, n, scale, max);
    }
    for (; i < n; i++) {
      x[o + i] = exp(x[o + i] * scale - max);
    }
  }

  /** As many elements as fill vectors; how many that were. */
  static int expByVectors(float[] x, int o, int n, float scale, float max) {
    int i = 0;
    FloatVector scales = FloatVector.broadcast(F, scale);
    for (; i + F.length() <= n; i += F.length()) {
      exp(FloatVector.fromArray(F, x, o + i).mul(scales).sub(max)).intoArray(x, o + i);
    }
    return i;
  }

  /** Largest of {@code x[o .. o + n)}; the order of comparison cannot change it. */
  static float max(float[] x, int o, int n) {
    float max = Float.NEGATIVE_INFINITY;
    int i = 0;
    if (MACHINE != null && n >= ExponentialRoutine.STEP) {
      int steps = n / ExponentialRoutine.STEP;
      max = MACHINE.max(x, o, steps);
      i = steps * ExponentialRoutine.STEP;
    } else if (n >= F.length()) {
      FloatVector m = FloatVector.fromArray(F, x, o);
      for (i = F.length(); i + F.length() <= n; i += F.length()) {
        m = m.max(FloatVector.fromArray(F, x, o + i));
      }
      max = m.reduceLanes(VectorOperators.MAX);
    }
    for (; i < n; i++) {
      max = Math.max(max, x[o + i]);
    }
    return max;
  }

  /**
   * Sum of {@code x[o .. o + n)} in the lane order of {@link Kernel}.
   *
   * @param lanes scratch of {@link Kernel#LANES}
   */
  static float sum(float[] x, int o, int n, float[] lanes) {
    java.util.Arrays.fill(lanes, 0, Kernel.LANES, 0f);
    int i = 0;
    for (; i + Kernel.LANES <= n; i += Kernel.LANES) {
      for (int l = 0; l < Kernel.LANES; l++) {
        lanes[l] += x[o + i + l];
      }
    }
    for (int l = 0; i < n; i++, l++) {
      lanes[l] += x[o + i];
    }
    return ScalarKernel.fold(lanes, 0);
  }
}
