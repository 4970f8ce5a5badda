package io.assay.engine.backend.cpu;

import java.util.Arrays;

/** Products of rows with weight matrices, cut into pieces for the {@link WorkerPool}. */
final class MatrixProducts {
  /** Floats of a widened panel: half of a usual second-level cache. */
  private static final int PANEL_FLOATS = 128 * 1024;

  private static final int MAX_PANEL_ROWS = 64;
  private static final int MIN_PANEL_ROWS = 8;

  /** Input rows a piece takes: enough to pay for widening the panel. */
  private static final int ROW_BLOCK = 512;

  private static final int MIN_ROW_BLOCK = 128;

  /** With so many pieces for each worker, none waits long for the last one. */
  private static final int PIECES_A_WORKER = 8;

  private final RowProducts rows;
  private final Fp32Products exact;
  private final Kernel kernel;
  private final WorkerPool pool;
  private final Scratch[] scratch;
  private final Scratch exactRows = new Scratch();

  /**
   * @param rows for products with weights
   * @param kernel for everything that is fp32 at every precision
   */
  MatrixProducts(RowProducts rows, Kernel kernel, WorkerPool pool) {
    this.rows = rows;
    this.exact = new Fp32Products(kernel);
    this.kernel = kernel;
    this.pool = pool;
    this.scratch = new Scratch[pool.workers()];
    Arrays.setAll(scratch, i -> new Scratch());
  }

  Kernel kernel() {
    return kernel;
  }

  /** Products with weights at the model's precision. */
  RowProducts rows() {
    return rows;
  }

  WorkerPool pool() {
    return pool;
  }

  /** The worker's own arrays. */
  Scratch scratch(int worker) {
    return scratch[worker];
  }

  /** Weight rows of a panel for inputs of this width. */
  static int panelRows(int columns) {
    int rows = PANEL_FLOATS / Math.max(columns, 1) / 8 * 8;
    return Math.clamp(rows, MIN_PANEL_ROWS, MAX_PANEL_ROWS);
  }

  /** Offsets {@code base + i * stride} for i below n. */
  static int[] offsets(int n, int base, int stride) {
    Math.addExact(base, Math.multiplyExact(n, stride));
    int[] offsets = new int[n];
    Arrays.setAll(offsets, i -> base + i * stride);
    return offsets;
  }

  /** The rows as products with weights take them. */
  Operand operand(float[] x, int[] offsets, int k, Scratch room) {
    return rows.operand(x, offsets, k, pool, room);
  }

  /** {@code x [m, columns] times all rows of w}: {@code [m, w.rows]}. */
  float[] multiply(float[] x, int m, CpuMatrix w) {
    float[] y = new float[Math.multiplyExact(m, w.rows())];
    multiply(operand(x, offsets(m, 0, w.columns()), w.columns(), new Scratch()), w, y);
    return y;
  }

  /** {@code y = x times all rows of w}: {@code [rows of x, w.rows]}. */
  void multiply(Operand x, CpuMatrix w, float[] y) {
    multiply(rows, x, w, 0, w.rows(), y, w.rows());
  }

  /** The same in fp32 at every precision. */
  float[] multiplyExactly(float[] x, int m, CpuMatrix w) {
    float[] y = new float[Math.multiplyExact(m, w.rows())];
    Operand operand = exact.operand(x, offsets(m, 0, w.columns()), w.columns(), pool, exactRows);
    multiply(exact, operand, w, 0, w.rows(), y, w.rows());
    return y;
  }

  /** {@code y[i * yStride + j] = x_i . w[from + j]} for j below n. */
  void multiply(Operand x, CpuMatrix w, int from, int n, float[] y, int yStride) {
    multiply(rows, x, w, from, n, y, yStride);
  }

  private void multiply(
      RowProducts how, Operand x, CpuMatrix w, int from, int n, float[] y, int yStride) {
    int m = x.offsets().length;
    int panelRows = panelRows(w.columns());
    int columnPieces = (n + panelRows - 1) / panelRows;
    int rowBlock = rowBlock(m, columnPieces);
    int rowPieces = (m + rowBlock - 1) / rowBlock;
    pool.run(
        columnPieces * rowPieces,
        (piece, worker) -> {
          int j = piece % columnPieces * panelRows;
          int width = Math.min(panelRows, n - j);
          int i = piece / columnPieces * rowBlock;
          int height = Math.min(rowBlock, m - i);
          how.multiply(
              x, i, height, w, from + j, width, y, i * yStride + j, yStride, scratch[worker]);
        });
  }

  /** Rows of a piece: fewer where a narrow matrix would leave workers without one. */
  private int rowBlock(int m, int columnPieces) {
    int block = ROW_BLOCK;
    while (pool.workers() > 1
        && block > MIN_ROW_BLOCK
        && (m + block - 1) / block * columnPieces < PIECES_A_WORKER * pool.workers()) {
      block /= 2;
    }
    return block;
  }
}
