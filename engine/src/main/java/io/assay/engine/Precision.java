package io.assay.engine;

/** How the inputs of products with weights are rounded; accumulation is fp32 in every mode. */
public enum Precision {
  /** Activations stay fp32, weights are widened from their stored type: the reference mode. */
  FP32,
  /**
   * Activations and weights are rounded to bf16: the fast mode. Router, norms, attention scores and
   * the residual stream stay fp32.
   */
  BF16,
  /**
   * Emulates the kernels of checkpoints with FP8 weights: inputs of those weights are rounded to
   * e4m3 with one scale for each row and block of columns, everything else is as at fp32. For
   * telling what that rounding costs, not for speed.
   */
  FP8
}
