package io.assay.engine.backend.cpu;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link Kernel} for machines with 256-bit registers: the sixteen partial sums are two of them. Two
 * rows meet two weight rows at a time, which fills half of sixteen registers and leaves room for
 * the operands.
 */
final class VectorKernel256 implements Kernel {
  private static final VectorSpecies<Float> S = FloatVector.SPECIES_256;
  private static final int HALF = 8;

  @Override
  public String name() {
    return "vector256";
  }

  @Override
  public void dot(
      float[] x,
      int[] xOffsets,
      int xFirst,
      int m,
      float[] w,
      int wOffset,
      int wStride,
      int n,
      int k,
      float[] y,
      int yOffset,
      int yStride) {
    float[] sums = new float[4 * LANES];
    for (int i = 0; i < m; i += 2) {
      int rows = Math.min(2, m - i);
      int x0 = xOffsets[xFirst + i];
      // A lone last row is computed twice; the second result is dropped.
      int x1 = xOffsets[xFirst + i + rows - 1];
      for (int j = 0; j < n; j += 2) {
        int columns = Math.min(2, n - j);
        int w0 = wOffset + j * wStride;
        int w1 = w0 + (columns - 1) * wStride;
        tile(x, x0, x1, w, w0, w1, k, sums);
        for (int a = 0; a < rows; a++) {
          for (int b = 0; b < columns; b++) {
            int at = (2 * a + b) * LANES;
            tail(x, a == 0 ? x0 : x1, w, b == 0 ? w0 : w1, k, sums, at);
            y[yOffset + (i + a) * yStride + j + b] = fold(sums, at);
          }
        }
      }
    }
  }

  private static void tile(
      float[] x, int x0, int x1, float[] w, int w0, int w1, int k, float[] sums) {
    FloatVector s00 = FloatVector.zero(S);
    FloatVector t00 = s00;
    FloatVector s01 = s00;
    FloatVector t01 = s00;
    FloatVector s10 = s00;
    FloatVector t10 = s00;
    FloatVector s11 = s00;
    FloatVector t11 = s00;
    for (int c = 0; c + LANES <= k; c += LANES) {
      FloatVector b0 = FloatVector.fromArray(S, w, w0 + c);
      FloatVector b1 = FloatVector.fromArray(S, w, w1 + c);
      FloatVector a0 = FloatVector.fromArray(S, x, x0 + c);
      FloatVector a1 = FloatVector.fromArray(S, x, x1 + c);
      s00 = a0.fma(b0, s00);
      s01 = a0.fma(b1, s01);
      s10 = a1.fma(b0, s10);
      s11 = a1.fma(b1, s11);
      b0 = FloatVector.fromArray(S, w, w0 + c + HALF);
      b1 = FloatVector.fromArray(S, w, w1 + c + HALF);
      a0 = FloatVector.fromArray(S, x, x0 + c + HALF);
      a1 = FloatVector.fromArray(S, x, x1 + c + HALF);
      t00 = a0.fma(b0, t00);
      t01 = a0.fma(b1, t01);
      t10 = a1.fma(b0, t10);
      t11 = a1.fma(b1, t11);
    }
    s00.intoArray(sums, 0);
    t00.intoArray(sums, HALF);
    s01.intoArray(sums, LANES);
    t01.intoArray(sums, LANES + HALF);
    s10.intoArray(sums, 2 * LANES);
    t10.intoArray(sums, 2 * LANES + HALF);
    s11.intoArray(sums, 3 * LANES);
    t11.intoArray(sums, 3 * LANES + HALF);
  }

  /**
   * Adds the elements after the last whole block of sixteen. Apart from the tile, because a method
   * with both is too large for the compiler to keep its vectors in registers.
   */
  private static void tail(float[] x, int xi, float[] w, int wj, int k, float[] sums, int at) {
    for (int c = k & -LANES, o = at; c < k; c += HALF, o += HALF) {
      VectorMask<Float> rest = S.indexInRange(c, k);
      FloatVector a = FloatVector.fromArray(S, x, xi + c, rest);
      FloatVector b = FloatVector.fromArray(S, w, wj + c, rest);
      a.fma(b, FloatVector.fromArray(S, sums, o)).intoArray(sums, o);
    }
  }

  private static float fold(float[] s, int o) {
    FloatVector eight = FloatVector.fromArray(S, s, o).add(FloatVector.fromArray(S, s, o + HALF));
    eight.intoArray(s, o);
    float a = s[o] + s[o + 4];
    float b = s[o + 1] + s[o + 5];
    float c = s[o + 2] + s[o + 6];
    float d = s[o + 3] + s[o + 7];
    return (a + c) + (b + d);
  }

  @Override
  public void accumulate(
      float[] p,
      int pOffset,
      int pStride,
      int m,
      float[] v,
      int vOffset,
      int vStride,
      int n,
      int d,
      float[] y,
      int[] yOffsets,
      int yFirst) {
    for (int i = 0; i < m; i += 2) {
      int rows = Math.min(2, m - i);
      int y0 = yOffsets[yFirst + i];
      int p0 = pOffset + i * pStride;
      for (int c = 0; c < d; c += HALF) {
        VectorMask<Float> lanes = S.indexInRange(c, d);
        if (rows == 2) {
          pair(
              p,
              p0,
              pStride,
              v,
              vOffset + c,
              vStride,
              n,
              y,
              y0 + c,
              yOffsets[yFirst + i + 1] + c,
              lanes);
        } else {
          FloatVector sum = FloatVector.fromArray(S, y, y0 + c, lanes);
          for (int j = 0; j < n; j++) {
            FloatVector b = FloatVector.fromArray(S, v, vOffset + j * vStride + c, lanes);
            sum = b.fma(FloatVector.broadcast(S, p[p0 + j]), sum);
          }
          sum.intoArray(y, y0 + c, lanes);
        }
      }
    }
  }

  private static void pair(
      float[] p,
      int p0,
      int pStride,
      float[] v,
      int v0,
      int vStride,
      int n,
      float[] y,
      int y0,
      int y1,
      VectorMask<Float> lanes) {
    FloatVector s0 = FloatVector.fromArray(S, y, y0, lanes);
    FloatVector s1 = FloatVector.fromArray(S, y, y1, lanes);
    for (int j = 0; j < n; j++) {
      FloatVector b = FloatVector.fromArray(S, v, v0 + j * vStride, lanes);
      s0 = b.fma(FloatVector.broadcast(S, p[p0 + j]), s0);
      s1 = b.fma(FloatVector.broadcast(S, p[p0 + pStride + j]), s1);
    }
    s0.intoArray(y, y0, lanes);
    s1.intoArray(y, y1, lanes);
  }
}
