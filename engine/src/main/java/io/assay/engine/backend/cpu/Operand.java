package io.assay.engine.backend.cpu;

import java.util.Arrays;

/**
 * Activation rows as {@link RowProducts} take them.
 *
 * @param floats fp32 elements, or null
 * @param quantised the same after rounding for FP8 weights, or null
 * @param halves bf16 elements, or null
 * @param offsets where each row starts
 */
record Operand(float[] floats, float[] quantised, short[] halves, int[] offsets) {
  /** Adjacent rows. */
  Operand rows(int first, int count) {
    return new Operand(
        floats, quantised, halves, Arrays.copyOfRange(offsets, first, first + count));
  }

  /** The given rows, in the order given. */
  Operand rows(int[] which) {
    int[] chosen = new int[which.length];
    for (int i = 0; i < which.length; i++) {
      chosen[i] = offsets[which[i]];
    }
    return new Operand(floats, quantised, halves, chosen);
  }
}
