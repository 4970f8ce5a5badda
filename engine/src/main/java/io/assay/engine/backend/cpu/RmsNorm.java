package io.assay.engine.backend.cpu;

/** Root-mean-square normalisation (arXiv 1910.07467) of rows, in fp32. */
final class RmsNorm {
  private static final int ROWS = 16;

  private RmsNorm() {}

  /**
   * {@code y_i = x_i / sqrt(mean(x_i^2) + epsilon) * weight} over the first {@code weight.length}
   * elements of each row.
   */
  static void apply(
      MatrixProducts products,
      float[] x,
      int[] xOffsets,
      float[] weight,
      float epsilon,
      float[] y,
      int[] yOffsets) {
    int m = xOffsets.length;
    int n = weight.length;
    products
        .pool()
        .run(
            (m + ROWS - 1) / ROWS,
            (piece, worker) -> {
              float[] square = new float[1];
              for (int i = piece * ROWS; i < Math.min(m, (piece + 1) * ROWS); i++) {
                int from = xOffsets[i];
                products.kernel().dot(x, xOffsets, i, 1, x, from, 0, 1, n, square, 0, 1);
                float mean = square[0] / n;
                float factor = (float) (1.0 / Math.sqrt(mean + epsilon));
                int to = yOffsets[i];
                for (int c = 0; c < n; c++) {
                  y[to + c] = x[from + c] * factor * weight[c];
                }
              }
            });
  }
}
