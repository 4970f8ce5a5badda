package io.assay.engine.backend.cpu;

/** The definition of {@link Kernel} in plain Java: the oracle of the others, right everywhere. */
final class ScalarKernel implements Kernel {
  @Override
  public String name() {
    return "scalar";
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
    float[] lanes = new float[LANES];
    for (int i = 0; i < m; i++) {
      for (int j = 0; j < n; j++) {
        y[yOffset + i * yStride + j] =
            dot(x, xOffsets[xFirst + i], w, wOffset + j * wStride, k, lanes);
      }
    }
  }

  private static float dot(float[] x, int xi, float[] w, int wj, int k, float[] lanes) {
    java.util.Arrays.fill(lanes, 0f);
    int padded = (k + LANES - 1) / LANES * LANES;
    for (int c = 0; c < padded; c++) {
      float a = c < k ? x[xi + c] : 0f;
      float b = c < k ? w[wj + c] : 0f;
      lanes[c % LANES] = Math.fma(a, b, lanes[c % LANES]);
    }
    return fold(lanes, 0);
  }

  /** Sum of sixteen lanes in the order that {@link Kernel} fixes. */
  static float fold(float[] s, int o) {
    float[] t = new float[8];
    for (int l = 0; l < 8; l++) {
      t[l] = s[o + l] + s[o + l + 8];
    }
    for (int l = 0; l < 4; l++) {
      t[l] = t[l] + t[l + 4];
    }
    return (t[0] + t[2]) + (t[1] + t[3]);
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
    for (int i = 0; i < m; i++) {
      int out = yOffsets[yFirst + i];
      for (int c = 0; c < d; c++) {
        float sum = y[out + c];
        for (int j = 0; j < n; j++) {
          sum = Math.fma(p[pOffset + i * pStride + j], v[vOffset + j * vStride + c], sum);
        }
        y[out + c] = sum;
      }
    }
  }
}
