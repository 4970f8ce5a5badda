package io.assay.engine.backend.cpu;

/**
 * Activation rows as {@link RowProducts} take them.
 *
 * @param floats fp32 elements, or null
 * @param quantised the same after rounding for FP8 weights, or null
 * @param halves bf16 elements, or null
 * @param offsets where each row starts
 */
record Operand(float[] floats, float[] quantised, short[] halves, int[] offsets) {
  /** The given rows, in the order given. */
  Operand rows(int[] which) {
    int[] chosen = new int[which.length];
    for (int i = 0; i < which.length; i++) {
      chosen[i] = offsets[which[i]];
    }
    return new Operand(floats, quantised, halves, chosen);
  }
}
