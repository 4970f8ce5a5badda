package io.assay.engine.backend.tornado;

import io.assay.engine.checkpoint.TensorView;
import io.assay.engine.weights.Matrix;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Embedding and head, cut into rows that fit an array each. */
final class VocabularyPieces {
  private VocabularyPieces() {}

  /** Places a matrix in as many pieces as arrays need, in the order of its rows. */
  static List<Layout.Placed> place(Matrix matrix, Layout layout) {
    long bytes = (long) matrix.inputs() * matrix.weight().dtype().bytes();
    int step = Math.clamp(layout.limit() / bytes, 1, matrix.outputs());
    if (matrix.scales() != null) {
      step = Math.max(matrix.blockRows(), step / matrix.blockRows() * matrix.blockRows());
    }
    List<Layout.Placed> pieces = new ArrayList<>();
    for (int from = 0; from < matrix.outputs(); from += step) {
      pieces.add(layout.place(slice(matrix, from, Math.min(matrix.outputs(), from + step))));
    }
    return pieces;
  }

  private static Matrix slice(Matrix m, int from, int to) {
    TensorView w = m.weight();
    long row = (long) m.inputs() * w.dtype().bytes();
    TensorView piece =
        new TensorView(
            w.name(),
            w.dtype(),
            new long[] {to - from, m.inputs()},
            w.data().asSlice(from * row, (to - from) * row),
            w.file());
    if (m.scales() == null) {
      return new Matrix(piece, null, 0, 0);
    }
    int blocks = Math.ceilDiv(m.inputs(), m.blockColumns());
    float[] scales =
        Arrays.copyOfRange(
            m.scales(), from / m.blockRows() * blocks, Math.ceilDiv(to, m.blockRows()) * blocks);
    return new Matrix(piece, scales, m.blockRows(), m.blockColumns());
  }
}
