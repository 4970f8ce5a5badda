package io.assay.engine.backend.tornado;

import io.assay.engine.backend.tornado.kernel.Embedding;
import io.assay.engine.backend.tornado.kernel.Head;
import io.assay.engine.backend.tornado.kernel.Products;
import java.util.ArrayList;
import java.util.List;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/** The graph of both ends of the model: tokens to rows, and rows to what is kept of logits. */
final class VocabularyGraph {
  final KernelGraph graph;

  /** Tokens to embed, or row and token of each wanted logit. */
  final IntArray index;

  /** {@code [rows, vocabulary]}. */
  final FloatArray logits;

  /** {@link Head#SUMS} of each row. */
  final FloatArray sums;

  final IntArray tokens;
  final FloatArray wanted;

  /** One task for each part of the weights, here and below. */
  final List<KernelTask> lookUps = new ArrayList<>();

  final List<KernelTask> products = new ArrayList<>();
  final KernelTask reduce;
  final KernelTask merge;
  final KernelTask gather;

  /**
   * @param states all rows of activations
   * @param rows of logits
   * @param indexed ints of the index
   * @param targets wanted logits at a time
   */
  VocabularyGraph(
      int vocabulary,
      DeviceWeights weights,
      FloatArray states,
      int rows,
      int indexed,
      int targets) {
    int chunks = Math.ceilDiv(vocabulary, Head.CHUNK);
    int parts = weights.parts().size();
    graph =
        new KernelGraph("vocabulary", parts * (Embedding.WORDS + Products.WORDS) + 3 * Head.WORDS);
    index = new IntArray(indexed);
    logits = new FloatArray(rows * vocabulary);
    sums = new FloatArray(Head.SUMS * rows);
    tokens = new IntArray(rows);
    wanted = new FloatArray(targets);
    FloatArray chunkSums = new FloatArray(Head.SUMS * rows * chunks);
    IntArray chunkTokens = new IntArray(rows * chunks);
    graph.share(List.of(states));
    graph.send(index);
    weights.declare(graph);
    graph.keep(logits, chunkSums, chunkTokens, sums, tokens, wanted);
    graph.fetchOnDemand(sums, tokens, wanted, logits);
    IntArray words = graph.words();
    FloatArray v = weights.vectors();
    for (int p = 0; p < parts; p++) {
      DeviceWeights.Part w = weights.parts().get(p);
      lookUps.add(
          graph.add(
              KernelTask.of(
                  "lookUp" + p,
                  Embedding::lookUpTokens,
                  graph.allot(Embedding.WORDS),
                  words,
                  index,
                  v,
                  w.floats(),
                  w.shorts(),
                  w.bytes(),
                  states)));
    }
    for (int p = 0; p < parts; p++) {
      DeviceWeights.Part w = weights.parts().get(p);
      products.add(Multiply.task(graph, "product" + p, states, index, v, w, logits));
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
