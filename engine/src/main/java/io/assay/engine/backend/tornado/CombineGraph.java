package io.assay.engine.backend.tornado;

import io.assay.engine.backend.tornado.kernel.Products;
import io.assay.engine.backend.tornado.kernel.Rows;
import java.util.ArrayList;
import java.util.List;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * The graph of single norms, and of what joins embeddings with hidden states before a prediction
 * module.
 */
final class CombineGraph {
  final KernelGraph graph;

  /** Rows to normalise. */
  final IntArray index;

  final KernelTask firstNorm;
  final KernelTask secondNorm;

  /** From the rows after the norm to theirs among all. */
  final KernelTask place;

  final List<KernelTask> products = new ArrayList<>();

  /**
   * @param states all rows of activations
   * @param rows of a block
   */
  CombineGraph(int hidden, DeviceWeights weights, FloatArray states, int rows) {
    int parts = weights.parts().size();
    graph =
        new KernelGraph("combine", 2 * Rows.NORM_WORDS + Rows.COPY_WORDS + parts * Products.WORDS);
    index = new IntArray(rows);
    // Rows after their norms: [rows, hidden] of one, [rows, 2 hidden] of both.
    FloatArray normed = new FloatArray(rows * 2 * hidden);
    FloatArray v = weights.vectors();
    graph.share(List.of(states));
    graph.send(index);
    weights.declare(graph);
    graph.keep(normed);
    firstNorm = norm("firstNorm", states, v, normed);
    secondNorm = norm("secondNorm", states, v, normed);
    int at = graph.allot(Rows.COPY_WORDS);
    place = graph.add(KernelTask.of("place", Rows::moveFloats, at, graph.words(), normed, states));
    for (int p = 0; p < parts; p++) {
      DeviceWeights.Part part = weights.parts().get(p);
      products.add(Multiply.task(graph, "product" + p, normed, index, v, part, states));
    }
  }

  private KernelTask norm(String name, FloatArray from, FloatArray v, FloatArray to) {
    int at = graph.allot(Rows.NORM_WORDS);
    return graph.add(
        KernelTask.of(name, Rows::normalizeRows, at, graph.words(), from, index, v, to));
  }
}
