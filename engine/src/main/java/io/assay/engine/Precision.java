package io.assay.engine;

/** How activations are rounded before a matrix product; accumulation is fp32 in every mode. */
public enum Precision {
  /** Activations stay fp32, weights are widened from their stored type: the reference mode. */
  FP32
}
