package io.assay.engine.backend.cpu;

/**
 * Activations as they are, weights widened: a panel of weight rows at a time goes into the worker's
 * scratch memory, where it fits the cache, and is used for many rows.
 */
final class Fp32Products implements RowProducts {
  private final Kernel kernel;

  Fp32Products(Kernel kernel) {
    this.kernel = kernel;
  }

  @Override
  public Operand operand(float[] x, int[] offsets, int k, WorkerPool pool, Scratch room) {
    return new Operand(x, null, null, offsets);
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
    multiply(x.floats(), x.offsets(), first, m, w, from, n, y, yOffset, yStride, scratch);
  }

  void multiply(
      float[] x,
      int[] offsets,
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
    int panelRows = MatrixProducts.panelRows(k);
    float[] panel = scratch.panel(panelRows * k);
    for (int j = 0; j < n; j += panelRows) {
      int width = Math.min(panelRows, n - j);
      w.widen(from + j, width, panel, 0);
      kernel.dot(x, offsets, first, m, panel, 0, k, width, k, y, yOffset + j, yStride);
    }
  }

  @Override
  public String name() {
    return kernel.name();
  }
}
