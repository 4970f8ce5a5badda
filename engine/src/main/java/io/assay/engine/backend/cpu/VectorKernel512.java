package io.assay.engine.backend.cpu;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link Kernel} with one 512-bit register for the sixteen partial sums, in the tiles of {@link
 * Tiles512}.
 */
final class VectorKernel512 implements Kernel {
  private static final VectorSpecies<Float> S = FloatVector.SPECIES_512;
  private static final VectorSpecies<Float> HALF = FloatVector.SPECIES_256;
  private static final VectorSpecies<Float> QUARTER = FloatVector.SPECIES_128;

  @Override
  public String name() {
    return "vector512";
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
    float[] sums = new float[24 * LANES];
    int i = 0;
    // Eight rows are two tiles of four: six would leave two rows alone.
    for (; m - i >= 6 && m - i != 8; i += 6) {
      int q = xFirst + i;
      int out = yOffset + i * yStride;
      int j = 0;
      for (; j + 4 <= n; j += 4) {
        Tiles512.tile6x4(x, xOffsets, q, w, wOffset + j * wStride, wStride, k, sums);
        tail(x, xOffsets, q, 6, w, wOffset + j * wStride, wStride, 4, k, sums);
        fold(sums, 6, 4, y, out + j, yStride);
      }
      for (; j < n; j++) {
        for (int r = 0; r < 6; r++) {
          Tiles512.tile1x1(x, xOffsets[q + r], w, wOffset + j * wStride, k, sums);
          tail(x, xOffsets, q + r, 1, w, wOffset + j * wStride, wStride, 1, k, sums);
          fold(sums, 1, 1, y, out + r * yStride + j, yStride);
        }
      }
    }
    for (; i + 4 <= m; i += 4) {
      int x0 = xOffsets[xFirst + i];
      int x1 = xOffsets[xFirst + i + 1];
      int x2 = xOffsets[xFirst + i + 2];
      int x3 = xOffsets[xFirst + i + 3];
      int out = yOffset + i * yStride;
      int j = 0;
      for (; j + 4 <= n; j += 4) {
        Tiles512.tile4x4(x, x0, x1, x2, x3, w, wOffset + j * wStride, wStride, k, sums);
        tail(x, xOffsets, xFirst + i, 4, w, wOffset + j * wStride, wStride, 4, k, sums);
        fold(sums, 4, 4, y, out + j, yStride);
      }
      for (; j < n; j++) {
        Tiles512.tile4x1(x, x0, x1, x2, x3, w, wOffset + j * wStride, k, sums);
        tail(x, xOffsets, xFirst + i, 4, w, wOffset + j * wStride, wStride, 1, k, sums);
        fold(sums, 4, 1, y, out + j, yStride);
      }
    }
    for (; i < m; i++) {
      int x0 = xOffsets[xFirst + i];
      int out = yOffset + i * yStride;
      int j = 0;
      for (; j + 8 <= n; j += 8) {
        Tiles512.tile1x8(x, x0, w, wOffset + j * wStride, wStride, k, sums);
        tail(x, xOffsets, xFirst + i, 1, w, wOffset + j * wStride, wStride, 8, k, sums);
        fold(sums, 1, 8, y, out + j, yStride);
      }
      for (; j < n; j++) {
        Tiles512.tile1x1(x, x0, w, wOffset + j * wStride, k, sums);
        tail(x, xOffsets, xFirst + i, 1, w, wOffset + j * wStride, wStride, 1, k, sums);
        fold(sums, 1, 1, y, out + j, yStride);
      }
    }
  }

  /**
   * Adds the elements after the last whole block of sixteen. Apart from the tiles, because a method
   * with both is too large for the compiler to keep its vectors in registers.
   */
  private static void tail(
      float[] x,
      int[] xOffsets,
      int xFirst,
      int rows,
      float[] w,
      int w0,
      int ws,
      int columns,
      int k,
      float[] sums) {
    int c = k & -LANES;
    if (c == k) {
      return;
    }
    VectorMask<Float> rest = S.indexInRange(c, k);
    for (int i = 0; i < rows; i++) {
      FloatVector a = FloatVector.fromArray(S, x, xOffsets[xFirst + i] + c, rest);
      for (int j = 0; j < columns; j++) {
        FloatVector b = FloatVector.fromArray(S, w, w0 + j * ws + c, rest);
        int at = (i * columns + j) * LANES;
        a.fma(b, FloatVector.fromArray(S, sums, at)).intoArray(sums, at);
      }
    }
  }

  /** Folds rows x columns sums in place and writes them out. */
  private static void fold(float[] s, int rows, int columns, float[] y, int out, int yStride) {
    for (int t = 0; t < rows * columns; t++) {
      int o = t * LANES;
      FloatVector eight =
          FloatVector.fromArray(HALF, s, o).add(FloatVector.fromArray(HALF, s, o + 8));
      eight.intoArray(s, o);
    }
    for (int t = 0; t < rows * columns; t++) {
      int o = t * LANES;
      FloatVector four =
          FloatVector.fromArray(QUARTER, s, o).add(FloatVector.fromArray(QUARTER, s, o + 4));
      four.intoArray(s, o);
    }
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        int o = (i * columns + j) * LANES;
        y[out + i * yStride + j] = (s[o] + s[o + 2]) + (s[o + 1] + s[o + 3]);
      }
    }
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
    int i = 0;
    for (; i + 4 <= m; i += 4) {
      int y0 = yOffsets[yFirst + i];
      int y1 = yOffsets[yFirst + i + 1];
      int y2 = yOffsets[yFirst + i + 2];
      int y3 = yOffsets[yFirst + i + 3];
      int p0 = pOffset + i * pStride;
      for (int c = 0; c < d; c += LANES) {
        VectorMask<Float> lanes = S.indexInRange(c, d);
        columns4(
            p, p0, pStride, v, vOffset + c, vStride, n, y, y0 + c, y1 + c, y2 + c, y3 + c, lanes);
      }
    }
    for (; i < m; i++) {
      int y0 = yOffsets[yFirst + i];
      int p0 = pOffset + i * pStride;
      for (int c = 0; c < d; c += LANES) {
        VectorMask<Float> lanes = S.indexInRange(c, d);
        FloatVector sum = FloatVector.fromArray(S, y, y0 + c, lanes);
        for (int j = 0; j < n; j++) {
          FloatVector b = FloatVector.fromArray(S, v, vOffset + j * vStride + c, lanes);
          sum = b.fma(FloatVector.broadcast(S, p[p0 + j]), sum);
        }
        sum.intoArray(y, y0 + c, lanes);
      }
    }
  }

  private static void columns4(
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
      int y2,
      int y3,
      VectorMask<Float> lanes) {
    FloatVector s0 = FloatVector.fromArray(S, y, y0, lanes);
    FloatVector s1 = FloatVector.fromArray(S, y, y1, lanes);
    FloatVector s2 = FloatVector.fromArray(S, y, y2, lanes);
    FloatVector s3 = FloatVector.fromArray(S, y, y3, lanes);
    for (int j = 0; j < n; j++) {
      FloatVector b = FloatVector.fromArray(S, v, v0 + j * vStride, lanes);
      s0 = b.fma(FloatVector.broadcast(S, p[p0 + j]), s0);
      s1 = b.fma(FloatVector.broadcast(S, p[p0 + pStride + j]), s1);
      s2 = b.fma(FloatVector.broadcast(S, p[p0 + 2 * pStride + j]), s2);
      s3 = b.fma(FloatVector.broadcast(S, p[p0 + 3 * pStride + j]), s3);
    }
    s0.intoArray(y, y0, lanes);
    s1.intoArray(y, y1, lanes);
    s2.intoArray(y, y2, lanes);
    s3.intoArray(y, y3, lanes);
  }
}
