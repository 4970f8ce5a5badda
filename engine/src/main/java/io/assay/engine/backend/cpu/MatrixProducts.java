package io.assay.engine.backend.cpu;

import java.util.Arrays;

/**
 * Products of rows with weight matrices, cut into pieces for the {@link WorkerPool}. A piece widens
 * a panel of weight rows into its worker's scratch memory and uses it for many rows.
 */
final class MatrixProducts {
  /** Floats of a widened panel: half of a usual second-level cache. */
  private static final int PANEL_FLOATS = 128 * 1024;

  private static final int MAX_PANEL_ROWS = 64;
  private static final int MIN_PANEL_ROWS = 8;

  /** Input rows a piece takes: enough to pay for widening the panel. */
  private static final int ROW_BLOCK = 512;

  private final Kernel kernel;
  private final WorkerPool pool;
  private final float[][] panels;
  private final float[][] scratch;

  MatrixProducts(Kernel kernel, WorkerPool pool) {
    this.kernel = kernel;
    this.pool = pool;
    this.panels = new float[pool.workers()][0];
    this.scratch = new float[pool.workers()][0];
  }

  Kernel kernel() {
    return kernel;
  }

  WorkerPool pool() {
    return pool;
  }

  /** Weight rows of a panel for inputs of this width. */
  static int panelRows(int columns) {
    int rows = PANEL_FLOATS / Math.max(columns, 1) / 8 * 8;
    return Math.clamp(rows, MIN_PANEL_ROWS, MAX_PANEL_ROWS);
  }

  /** The worker's array for widened weights, at least this long. */
  float[] panel(int worker, int floats) {
    if (panels[worker].length < floats) {
      panels[worker] = new float[floats];
    }
    return panels[worker];
  }

  /** The worker's array for intermediate rows, at least this long. */
  float[] scratch(int worker, int floats) {
    if (scratch[worker].length < floats) {
      scratch[worker] = new float[floats];
    }
    return scratch[worker];
  }

  /** Offsets {@code base + i * stride} for i below n. */
  static int[] offsets(int n, int base, int stride) {
    Math.addExact(base, Math.multiplyExact(n, stride));
    int[] offsets = new int[n];
    Arrays.setAll(offsets, i -> base + i * stride);
    return offsets;
  }

  /** {@code x [m, columns] times all rows of w}: {@code [m, w.rows]}. */
  float[] multiply(float[] x, int m, CpuMatrix w) {
    float[] y = new float[Math.multiplyExact(m, w.rows())];
    multiply(x, offsets(m, 0, w.columns()), w, 0, w.rows(), y, w.rows());
    return y;
  }

  /** {@code y[i * yStride + j] = x_i . w[from + j]} for j below n. */
  void multiply(float[] x, int[] xOffsets, CpuMatrix w, int from, int n, float[] y, int yStride) {
    int m = xOffsets.length;
    int k = w.columns();
    int panelRows = panelRows(k);
    int columnPieces = (n + panelRows - 1) / panelRows;
    int rowPieces = (m + ROW_BLOCK - 1) / ROW_BLOCK;
    pool.run(
        columnPieces * rowPieces,
        (piece, worker) -> {
          int j = piece % columnPieces * panelRows;
          int width = Math.min(panelRows, n - j);
          int i = piece / columnPieces * ROW_BLOCK;
          int height = Math.min(ROW_BLOCK, m - i);
          float[] panel = panel(worker, panelRows * k);
          w.widen(from + j, width, panel, 0);
          kernel.dot(x, xOffsets, i, height, panel, 0, k, width, k, y, i * yStride + j, yStride);
        });
  }
}
