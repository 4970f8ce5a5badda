package io.assay.engine.backend.cpu;

import io.assay.engine.backend.Backend;

/**
 * Activations in a Java array.
 *
 * @param data {@code [rows, width]}
 */
record CpuRows(float[] data, int rows, int width) implements Backend.Rows {
  CpuRows(float[] data, int width) {
    this(data, data.length / width, width);
  }

  /** Start of each row. */
  int[] offsets() {
    return MatrixProducts.offsets(rows, 0, width);
  }

  /** Start of the given rows; of all if null. */
  int[] offsets(int[] chosen) {
    if (chosen == null) {
      return offsets();
    }
    int[] offsets = new int[chosen.length];
    for (int i = 0; i < offsets.length; i++) {
      offsets[i] = chosen[i] * width;
    }
    return offsets;
  }
}
