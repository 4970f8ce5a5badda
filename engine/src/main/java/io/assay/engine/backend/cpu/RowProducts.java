package io.assay.engine.backend.cpu;

import io.assay.engine.EngineException;
import io.assay.engine.ErrorCode;
import io.assay.engine.Precision;
import io.assay.engine.config.ModelConfig;

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
   * @param room where the rows may be kept; the operand is good until it is used again
   */
  Operand operand(float[] x, int[] offsets, int k, WorkerPool pool, Scratch room);

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

  /**
   * The fastest way this machine has.
   *
   * @throws EngineException {@code MODEL_UNSUPPORTED} if the model has nothing to emulate at fp8
   */
  static RowProducts of(Precision precision, ModelConfig config) {
    return switch (precision) {
      case FP32 -> new Fp32Products(Kernels.best());
      case BF16 -> Kernels.bf16();
      case FP8 -> {
        if (config.quantization() == null) {
          throw new EngineException(
              ErrorCode.MODEL_UNSUPPORTED,
              "the precision fp8 rounds the inputs of FP8 weights, but this model's config.json has"
                  + " no quantization_config; use fp32 or bf16");
        }
        yield new Fp8Products(Kernels.best(), config.quantization());
      }
    };
  }
}
