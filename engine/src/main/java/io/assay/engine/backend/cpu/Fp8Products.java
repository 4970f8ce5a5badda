package io.assay.engine.backend.cpu;

import io.assay.engine.checkpoint.DType;
import io.assay.engine.config.ModelConfig.Quantization;

/**
 * What the FP8 kernels of DeepSeek-V3 compute (section 3.3 of its report): the input of an e4m3
 * matrix is divided, for each row and block of columns, by its largest magnitude over 448 and
 * rounded to e4m3. Rounded values are multiplied in fp32, so only the rounding is emulated, not a
 * device's order of summation. Other matrices take their input as it is.
 */
final class Fp8Products implements RowProducts {
  private static final int ROWS = 32;

  /** Magnitudes below this are scaled as if they were this: a row of zeros has no scale. */
  private static final float SMALLEST = 1e-4f;

  private final Fp32Products products;
  private final int block;
  private final boolean powersOfTwo;

  Fp8Products(Kernel kernel, Quantization quantization) {
    this.products = new Fp32Products(kernel);
    this.block = quantization.blockColumns();
    this.powersOfTwo = quantization.powerOfTwoScales();
  }

  @Override
  public Operand operand(float[] x, int[] offsets, int k, WorkerPool pool, Scratch room) {
    int m = offsets.length;
    float[] quantised = room.panel(x.length);
    pool.run(
        (m + ROWS - 1) / ROWS,
        (piece, worker) -> {
          for (int i = piece * ROWS; i < Math.min(m, (piece + 1) * ROWS); i++) {
            for (int c = 0; c < k; c += block) {
              quantise(x, offsets[i] + c, Math.min(block, k - c), quantised);
            }
          }
        });
    return new Operand(x, quantised, null, offsets);
  }

  private void quantise(float[] x, int at, int n, float[] to) {
    float largest = SMALLEST;
    for (int i = at; i < at + n; i++) {
      largest = Math.max(largest, Math.abs(x[i]));
    }
    float scale = largest / E4m3.MAX;
    if (powersOfTwo) {
      float below = Math.scalb(1f, Math.getExponent(scale));
      scale = below == scale ? scale : 2 * below;
    }
    for (int i = at; i < at + n; i++) {
      to[i] = E4m3.round(x[i] / scale) * scale;
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
    float[] input = w.type() == DType.F8_E4M3 ? x.quantised() : x.floats();
    products.multiply(input, x.offsets(), first, m, w, from, n, y, yOffset, yStride, scratch);
  }

  @Override
  public String name() {
    return "fp8 activations on " + products.name();
  }
}
