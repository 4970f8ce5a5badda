package io.assay.engine.backend.tornado;

import io.assay.engine.checkpoint.FloatFormats;
import io.assay.engine.checkpoint.TensorView;
import io.assay.engine.weights.Matrix;

/**
 * Single rows of a stored matrix, widened on the host: the embedding is looked up, not computed.
 */
final class StoredRows {
  private StoredRows() {}

  /** Rows of the matrix, one after the other: {@code [chosen, inputs]}. */
  static float[] widen(Matrix matrix, int... chosen) {
    int width = matrix.inputs();
    float[] rows = new float[Math.multiplyExact(chosen.length, width)];
    TensorView all = matrix.weight();
    long bytes = (long) width * all.dtype().bytes();
    for (int i = 0; i < chosen.length; i++) {
      TensorView row =
          new TensorView(
              all.name(),
              all.dtype(),
              new long[] {1, width},
              all.data().asSlice(chosen[i] * bytes, bytes),
              all.file());
      float[] values = FloatFormats.toFloats(row);
      scale(matrix, chosen[i], values);
      System.arraycopy(values, 0, rows, i * width, width);
    }
    return rows;
  }

  private static void scale(Matrix matrix, int row, float... values) {
    if (matrix.scales() == null) {
      return;
    }
    int blocks = Math.ceilDiv(values.length, matrix.blockColumns());
    int first = row / matrix.blockRows() * blocks;
    for (int c = 0; c < values.length; c++) {
      values[c] *= matrix.scales()[first + c / matrix.blockColumns()];
    }
  }
}
