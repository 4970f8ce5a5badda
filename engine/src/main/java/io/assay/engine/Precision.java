package io.assay.engine;

/** How the inputs of products with weights are rounded; accumulation is fp32 in every mode. */
public enum Precision {
  /** Activations stay fp32, weights are widened from their stored type: the reference mode. */
  FP32,
  /**
   * Activations and weights are rounded to bf16: the fast mode. Router, norms, attention scores and
   * the residual stream stay fp32.
   */
  BF16
}
