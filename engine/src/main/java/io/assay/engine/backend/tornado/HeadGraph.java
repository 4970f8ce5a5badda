package io.assay.engine.backend.tornado;

import io.assay.engine.backend.tornado.kernel.Head;
import io.assay.engine.backend.tornado.kernel.Products;
import java.util.ArrayList;
import java.util.List;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/** The graph of the vocabulary head. */
final class HeadGraph {
  final KernelGraph graph;

  /** {@code [rows, hidden]}, normalised. */
  final FloatArray x;

  /** Row and token of each wanted logit. */
  final IntArray index;

  /** {@code [rows, vocabulary]}. */
  final FloatArray logits;

  /** {@link Head#SUMS} of each row. */
  final FloatArray sums;

  final IntArray tokens;
  final FloatArray wanted;
  final List<KernelTask> products = new ArrayList<>();
  final KernelTask reduce;
  final KernelTask merge;
  final KernelTask gather;

  HeadGraph(int hidden, int vocabulary, DeviceWeights weights, int rows, int targets) {
    int chunks = Math.ceilDiv(vocabulary, Head.CHUNK);
    int parts = weights.parts().size();
    graph = new KernelGraph("head", parts * Products.WORDS + 3 * Head.WORDS);
    x = new FloatArray(rows * hidden);
    index = new IntArray(2 * targets);
    logits = new FloatArray(rows * vocabulary);
    sums = new FloatArray(Head.SUMS * rows);
    tokens = new IntArray(rows);
    wanted = new FloatArray(targets);
    FloatArray chunkSums = new FloatArray(Head.SUMS * rows * chunks);
    IntArray chunkTokens = new IntArray(rows * chunks);
    graph.send(x, index);
    weights.declare(graph);
    graph.keep(logits, chunkSums, chunkTokens, sums, tokens, wanted);
    graph.returnAfterwards(sums, tokens, wanted);
    graph.fetchOnDemand(logits);
    IntArray words = graph.words();
    for (int p = 0; p < parts; p++) {
      products.add(
          Multiply.task(
              graph, "product" + p, x, index, weights.vectors(), weights.parts().get(p), logits));
    }
    reduce =
        graph.add(
            KernelTask.of(
                "reduce",
                Head::reduceChunks,
                graph.allot(Head.WORDS),
                words,
                logits,
                chunkSums,
                chunkTokens));
    merge =
        graph.add(
            KernelTask.of(
                "merge",
                Head::mergeChunks,
                graph.allot(Head.WORDS),
                words,
                chunkSums,
                chunkTokens,
                sums,
                tokens));
    gather =
        graph.add(
            KernelTask.of(
                "gather",
                Head::gatherLogits,
                graph.allot(Head.WORDS),
                words,
                index,
                logits,
                wanted));
  }
}
