package io.assay.engine.backend.tornado;

import io.assay.engine.backend.tornado.kernel.Embedding;
import io.assay.engine.weights.Matrix;
import java.util.List;

/**
 * The embedding: looked up on the device, or widened on the host where it does not fit the device
 * beside everything else. Both give the same bits.
 */
final class DeviceEmbedding {
  private final KernelRunner runner;
  private final RowStore store;
  private final VocabularyGraph at;
  private final Matrix stored;
  private final List<Layout.Placed> pieces;
  private final int blockRows;

  /**
   * @param at the graph that has its tasks
   * @param stored on the host
   * @param pieces its rows in order; empty if they are not on the device
   * @param blockRows rows of a block
   */
  DeviceEmbedding(
      KernelRunner runner,
      RowStore store,
      VocabularyGraph at,
      Matrix stored,
      List<Layout.Placed> pieces,
      int blockRows) {
    this.runner = runner;
    this.store = store;
    this.at = at;
    this.stored = stored;
    this.pieces = pieces;
    this.blockRows = blockRows;
  }

  /** A row for each token. */
  DeviceRows apply(int... tokens) {
    if (pieces.isEmpty()) {
      return store.write(StoredRows.widen(stored, tokens));
    }
    DeviceRows y = store.take(tokens.length);
    for (int from = 0; from < tokens.length; from += blockRows) {
      int count = Math.min(blockRows, tokens.length - from);
      for (int i = 0; i < count; i++) {
        at.index.set(i, tokens[from + i]);
      }
      int to = store.offset(y, from, 0);
      at.graph.idle();
      VocabularyPieces.prepare(
          runner,
          at.graph,
          pieces,
          (piece, first) -> {
            KernelTask lookUp = at.lookUps.get(piece.part());
            lookUp.items((long) count * piece.inputs(), count, 0, to, first, piece.outputs());
            piece.describe(at.graph.words(), lookUp.at(Embedding.MATRIX));
          });
      runner.run(at.graph);
      store.leave(y, from, count, 0);
    }
    return y;
  }
}
