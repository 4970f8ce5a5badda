package io.assay.engine.backend.cpu;

import io.assay.engine.Precision;

/**
 * Products of activation rows with rows of stored matrices at one precision. What a product is, to
 * the bit, depends on its two vectors alone.
 */
interface RowProducts {
  /**
   * Rows made ready, to be used for several matrices.
   *
   * @param x fp32 activations; kept, not always copied
   * @param offsets where each row starts in x
   * @param k elements of a row
   */
  Operand operand(float[] x, int[] offsets, int k, WorkerPool pool);

  /**
   * {@code y[yOffset + i * yStride + j] = x_(first + i) . w_(from + j)} for i below m, j below n.
   */
  void multiply(
      Operand x,
      int first,
      int m,
      CpuMatrix w,
      int from,
      int n,
      float[] y,
      int yOffset,
      int yStride,
      Scratch scratch);

  /** Name for logs and tables. */
  String name();

  /** The fastest way this machine has. */
  static RowProducts of(Precision precision) {
    return switch (precision) {
      case FP32 -> new Fp32Products(Kernels.best());
      case BF16 -> Kernels.bf16();
    };
  }
}
