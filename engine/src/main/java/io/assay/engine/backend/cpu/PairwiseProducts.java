package io.assay.engine.backend.cpu;

/**
 * Activations and weights rounded to bf16, multiplied by an fp32 {@link Kernel}; for any machine,
 * and the definition of what bf16 products are. Sixteen partial sums; sum l takes the pairs of
 * elements (2 p, 2 p + 1) with p = l (mod 16) in ascending order, of each pair the odd element
 * first; the fold is the kernel's. The product of two bf16 numbers is exact in fp32, so each step
 * rounds once. That is what AVX512_BF16 does, and it is what the fp32 kernel does once every 32
 * elements are put in the order of its sums: sixteen odd ones, then sixteen even ones. (Below
 * 2^-126 the processor takes numbers for zero; next to sums of any size that changes nothing.)
 */
final class PairwiseProducts implements RowProducts {
  private static final int BLOCK = 2 * Kernel.LANES;
  private static final int ROWS = 32;

  private final Kernel kernel;

  PairwiseProducts(Kernel kernel) {
    this.kernel = kernel;
  }

  /** Elements of a row after padding with zeros. */
  private static int padded(int k) {
    return (k + BLOCK - 1) / BLOCK * BLOCK;
  }

  @Override
  public Operand operand(float[] x, int[] offsets, int k, WorkerPool pool, Scratch room) {
    int m = offsets.length;
    int width = padded(k);
    float[] ordered = room.panel(Math.multiplyExact(m, width));
    pool.run(
        (m + ROWS - 1) / ROWS,
        (piece, worker) -> {
          for (int i = piece * ROWS; i < Math.min(m, (piece + 1) * ROWS); i++) {
            order(x, offsets[i], k, ordered, i * width);
          }
        });
    return new Operand(ordered, null, null, MatrixProducts.offsets(m, 0, width));
  }

  private static void order(float[] from, int at, int k, float[] to, int start) {
    int width = padded(k);
    for (int b = 0; b < width; b += BLOCK) {
      for (int l = 0; l < Kernel.LANES; l++) {
        int even = b + 2 * l;
        to[start + b + l] = even + 1 < k ? Bf16.round(from[at + even + 1]) : 0f;
        to[start + b + Kernel.LANES + l] = even < k ? Bf16.round(from[at + even]) : 0f;
      }
    }
  }

  @Override
  public void multiply(
      Operand x,
      int first,
      int m,
      CpuMatrix w,
      int from,
      int n,
      float[] y,
      int yOffset,
      int yStride,
      Scratch scratch) {
    int k = w.columns();
    int width = padded(k);
    int panelRows = MatrixProducts.panelRows(width);
    float[] panel = scratch.panel(panelRows * width + k);
    int row = panelRows * width;
    for (int j = 0; j < n; j += panelRows) {
      int count = Math.min(panelRows, n - j);
      for (int i = 0; i < count; i++) {
        w.widen(from + j + i, 1, panel, row);
        order(panel, row, k, panel, i * width);
      }
      kernel.dot(
          x.floats(),
          x.offsets(),
          first,
          m,
          panel,
          0,
          width,
          count,
          width,
          y,
          yOffset + j,
          yStride);
    }
  }

  @Override
  public String name() {
    return "bf16 pairs on " + kernel.name();
  }
}
