package io.assay.engine.backend.cpu;

import io.assay.engine.backend.Backend;

/**
 * Activations in a Java array.
 *
 * @param data {@code [rows, width]}
 */
record CpuRows(float[] data, int rows, int width) implements Backend.Rows {
  private static final int ROW_BLOCK = 64;

  CpuRows(float[] data, int width) {
    this(data, data.length / width, width);
  }

  /** Adds the given rows of {@code more}, laid out as these are; all rows if null. */
  void add(float[] more, int[] chosen, WorkerPool pool) {
    int count = chosen == null ? rows : chosen.length;
    pool.run(
        (count + ROW_BLOCK - 1) / ROW_BLOCK,
        (piece, worker) -> {
          for (int i = piece * ROW_BLOCK; i < Math.min(count, (piece + 1) * ROW_BLOCK); i++) {
            int from = (chosen == null ? i : chosen[i]) * width;
            for (int c = from; c < from + width; c++) {
              data[c] += more[c];
            }
          }
        });
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
