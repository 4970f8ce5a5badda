package io.assay.engine.backend.tornado;

import io.assay.engine.checkpoint.TensorView;
import io.assay.engine.weights.Matrix;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/** Embedding and head, cut into rows that fit an array each. */
final class VocabularyPieces {
  /** Sets a part's task for a piece. */
  @FunctionalInterface
  interface Setting {
    /**
     * @param first row of the whole matrix that the piece begins with
     */
    void set(Layout.Placed piece, int first);
  }

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

  /**
   * Sets the tasks of an idle graph for all pieces. A part has one task, so the graph is executed
   * before a second piece of the same part.
   */
  static void prepare(
      KernelRunner runner, KernelGraph graph, List<Layout.Placed> pieces, Setting setting) {
    BitSet used = new BitSet();
    int first = 0;
    for (Layout.Placed piece : pieces) {
      if (used.get(piece.part())) {
        runner.run(graph);
        graph.idle();
        used.clear();
      }
      used.set(piece.part());
      setting.set(piece, first);
      first += piece.outputs();
    }
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
