package io.assay.engine.backend.tornado;

import io.assay.engine.backend.Entropy;
import io.assay.engine.backend.HeadResult;
import io.assay.engine.backend.tornado.kernel.Head;
import io.assay.engine.config.ModelConfig;
import java.util.List;

/**
 * The vocabulary head. Logits stay on the device; of each row come back the best token, the sums
 * that its normaliser and entropy take, and the wanted logits.
 */
final class DeviceHead {
  private final int vocabulary;
  private final int rows;
  private final int targets;
  private final KernelRunner runner;
  private final RowStore store;
  private final List<Layout.Placed> pieces;
  private final VocabularyGraph at;

  /**
   * @param store where rows lie
   * @param pieces the matrix's rows in order, cut where arrays end
   */
  DeviceHead(
      ModelConfig config,
      KernelRunner runner,
      DeviceWeights weights,
      RowStore store,
      List<Layout.Placed> pieces,
      Capacity capacity) {
    this.vocabulary = config.vocabSize();
    this.rows = Math.clamp(capacity.logits() / vocabulary, 1, capacity.rows());
    this.targets = 4 * capacity.rows();
    this.runner = runner;
    this.store = store;
    this.pieces = pieces;
    this.at = new VocabularyGraph(vocabulary, weights, store.states(), rows, 2 * targets, targets);
  }

  /** It has the embedding's tasks too. */
  VocabularyGraph graph() {
    return at;
  }

  /** What {@link io.assay.engine.backend.Backend#head} promises. */
  HeadResult apply(DeviceRows x, int[] targetRows, int[] wantedTokens, boolean entropies) {
    int[] best = new int[x.rows()];
    float[] logprobs = new float[wantedTokens.length];
    float[] entropy = entropies ? new float[x.rows()] : null;
    for (int from = 0; from < x.rows(); from += rows) {
      int count = Math.min(rows, x.rows() - from);
      int[] mine = inRows(targetRows, from, from + count);
      // Too many wanted logits for one execution are taken in several.
      for (int t = 0; t == 0 || t < mine.length; t += targets) {
        int more = Math.min(targets, mine.length - t);
        execute(x, from, count, targetRows, wantedTokens, mine, t, more);
        for (int i = 0; i < more; i++) {
          int target = mine[t + i];
          int row = targetRows[target] - from;
          double logSum =
              at.sums.get(Head.SUMS * row) + StrictMath.log(at.sums.get(Head.SUMS * row + 1));
          logprobs[target] = (float) (at.wanted.get(i) - logSum);
        }
      }
      for (int r = 0; r < count; r++) {
        best[from + r] = at.tokens.get(r);
        if (entropies) {
          entropy[from + r] =
              Entropy.ofSums(at.sums.get(Head.SUMS * r + 1), at.sums.get(Head.SUMS * r + 2));
        }
      }
    }
    return new HeadResult(best, logprobs, entropy);
  }

  private static int[] inRows(int[] targetRows, int from, int to) {
    return java.util.stream.IntStream.range(0, targetRows.length)
        .filter(t -> targetRows[t] >= from && targetRows[t] < to)
        .toArray();
  }

  private void execute(
      DeviceRows x,
      int from,
      int count,
      int[] targetRows,
      int[] tokens,
      int[] mine,
      int t,
      int more) {
    for (int i = 0; i < more; i++) {
      at.index.set(2 * i, targetRows[mine[t + i]] - from);
      at.index.set(2 * i + 1, tokens[mine[t + i]]);
    }
    product(x, from, count);
    int chunks = Math.ceilDiv(vocabulary, Head.CHUNK);
    int[] words = {count, vocabulary, chunks, more, 0};
    at.reduce.items((long) count * chunks, words);
    at.merge.items(count, words);
    at.gather.items(more, words);
    runner.run(at.graph, at.sums, at.tokens, at.wanted);
  }

  private void product(DeviceRows x, int from, int count) {
    int origin = store.enter(x, from, count, 0);
    at.graph.idle();
    VocabularyPieces.prepare(
        runner,
        at.graph,
        pieces,
        (piece, column) ->
            Multiply.columns(
                at.graph,
                at.products.get(piece.part()),
                count,
                origin,
                piece,
                -1,
                column,
                vocabulary));
  }

  /** All logits {@code [rows, vocabulary]}. */
  float[] logits(DeviceRows x) {
    float[] all = new float[Math.multiplyExact(x.rows(), vocabulary)];
    for (int from = 0; from < x.rows(); from += rows) {
      int count = Math.min(rows, x.rows() - from);
      product(x, from, count);
      runner.run(at.graph, at.logits);
      RowStore.receive(at.logits, all, from * vocabulary, count * vocabulary);
    }
    return all;
  }
}
