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
  final FloatArray first;
  final FloatArray second;

  /** Rows after their norms: {@code [rows, hidden]} of one, {@code [rows, 2 hidden]} of both. */
  final FloatArray normed;

  final FloatArray out;
  final KernelTask firstNorm;
  final KernelTask secondNorm;
  final List<KernelTask> products = new ArrayList<>();

  CombineGraph(int hidden, DeviceWeights weights, int rows) {
    int parts = weights.parts().size();
    graph = new KernelGraph("combine", 2 * Rows.NORM_WORDS + parts * Products.WORDS);
    first = new FloatArray(rows * hidden);
    second = new FloatArray(rows * hidden);
    normed = new FloatArray(rows * 2 * hidden);
    out = new FloatArray(rows * hidden);
    // No rows are listed.
    IntArray index = new IntArray(1);
    graph.send(first, second);
    weights.declare(graph);
    graph.keep(index, normed, out);
    graph.fetchOnDemand(normed, out);
    firstNorm = norm("firstNorm", first, index, weights.vectors());
    secondNorm = norm("secondNorm", second, index, weights.vectors());
    for (int p = 0; p < parts; p++) {
      products.add(
          Multiply.task(
              graph, "product" + p, normed, index, weights.vectors(), weights.parts().get(p), out));
    }
  }

  private KernelTask norm(String name, FloatArray from, IntArray index, FloatArray v) {
    int at = graph.allot(Rows.NORM_WORDS);
    return graph.add(
        KernelTask.of(name, Rows::normalizeRows, at, graph.words(), from, index, v, normed));
  }
}
