package io.assay.engine.backend.cpu;

/**
 * The two products everything on the CPU is made of, with one definition of their bits.
 *
 * <p><b>dot</b>: sixteen partial sums, lane l summing the elements k = l (mod 16) in ascending
 * order with fused multiply-adds, the last block padded with zeros; then lane l += lane l + 8, l +=
 * l + 4, and finally (0 + 2) + (1 + 3). <b>accumulate</b>: for each output one chain of fused
 * multiply-adds in ascending order of the summed index.
 *
 * <p>Both depend on nothing but the two vectors at hand: not on the other rows of the call, not on
 * the number of threads, not on the width of the machine's registers. Every implementation returns
 * the bits of {@link ScalarKernel}.
 */
interface Kernel {
  /** Partial sums of a dot product. */
  int LANES = 16;

  /** Name for logs and tables. */
  String name();

  /**
   * {@code y[yOffset + i * yStride + j] = x_i . w_j} for i below m and j below n, where x_i starts
   * at {@code x[xOffsets[xFirst + i]]} and w_j at {@code w[wOffset + j * wStride]}, both of length
   * k.
   */
  void dot(
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
      int yStride);

  /**
   * {@code y[yOffsets[yFirst + i] + c] += sum over j < n of p[pOffset + i * pStride + j] *
   * v[vOffset + j * vStride + c]} for i below m and c below d, continuing the chain that y holds.
   */
  void accumulate(
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
      int yFirst);
}
