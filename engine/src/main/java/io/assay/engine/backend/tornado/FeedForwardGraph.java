package io.assay.engine.backend.tornado;

import io.assay.engine.backend.tornado.kernel.Experts;
import io.assay.engine.backend.tornado.kernel.Products;
import io.assay.engine.backend.tornado.kernel.Rows;
import io.assay.engine.config.ModelConfig;
import java.util.ArrayList;
import java.util.List;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * The graph of dense and routed feed-forward layers: norm, {@link RoutingTasks}, two launches for
 * all experts, sum. A dense layer is a layer whose only network takes every row.
 */
final class FeedForwardGraph {
  final KernelGraph graph;

  /** Whether each row's networks are computed. */
  final IntArray index;

  /** {@code [rows, hidden]}, what the networks add to the rows. */
  final FloatArray out;

  final KernelTask norm;
  final RoutingTasks routing;

  /** One task for each part of the weights, here and below. */
  final List<KernelTask> gateAndUp = new ArrayList<>();

  final List<KernelTask> down = new ArrayList<>();
  final KernelTask sum;
  final KernelTask add;

  private final IntArray networks;

  /**
   * @param states all rows of activations
   */
  FeedForwardGraph(
      ModelConfig config, DeviceWeights weights, Capacity capacity, FloatArray states) {
    ModelConfig.Routing of = config.ffn().routing();
    int rows = capacity.rows();
    int hidden = config.hiddenSize();
    int pairs = rows * (of == null ? 1 : of.perToken() + 1);
    int partCount = weights.parts().size();
    graph =
        new KernelGraph(
            "feedForward",
            Rows.NORM_WORDS
                + RoutingTasks.words(partCount)
                + partCount * 2 * Experts.WORDS
                + Experts.SUM_WORDS
                + Rows.COPY_WORDS);
    index = new IntArray(rows);
    networks = new IntArray(((of == null ? 0 : of.experts()) + 1) * Experts.NETWORK_WORDS);
    out = new FloatArray(rows * hidden);
    FloatArray normed = new FloatArray(rows * hidden);
    FloatArray inner = new FloatArray(Math.toIntExact(innerFloats(config, rows)));
    FloatArray contributions = new FloatArray(Math.multiplyExact(pairs, hidden));
    graph.share(List.of(states));
    graph.send(index, networks);
    weights.declare(graph);
    graph.keep(normed, inner, contributions, out);
    graph.fetchOnDemand(out);

    IntArray words = graph.words();
    FloatArray v = weights.vectors();
    int at = graph.allot(Rows.NORM_WORDS);
    norm =
        graph.add(KernelTask.of("norm", Rows::normalizeRows, at, words, states, index, v, normed));
    routing = new RoutingTasks(graph, config, weights, capacity, index, normed);
    for (int p = 0; p < partCount; p++) {
      DeviceWeights.Part w = weights.parts().get(p);
      gateAndUp.add(
          graph.add(
              KernelTask.of(
                  "gateAndUp" + p,
                  Experts::gateAndUpProjection,
                  graph.allot(Experts.WORDS),
                  words,
                  networks,
                  routing.plan,
                  routing.pairs,
                  normed,
                  v,
                  w.floats(),
                  w.shorts(),
                  w.bytes(),
                  inner)));
    }
    for (int p = 0; p < partCount; p++) {
      DeviceWeights.Part w = weights.parts().get(p);
      down.add(
          graph.add(
              KernelTask.of(
                  "down" + p,
                  Experts::downProjection,
                  graph.allot(Experts.WORDS),
                  words,
                  networks,
                  routing.plan,
                  routing.pairs,
                  inner,
                  v,
                  w.floats(),
                  w.shorts(),
                  w.bytes(),
                  contributions)));
    }
    at = graph.allot(Experts.SUM_WORDS);
    sum =
        graph.add(
            KernelTask.of(
                "sum",
                Experts::sumContributions,
                at,
                words,
                index,
                routing.gates,
                contributions,
                out));
    at = graph.allot(Rows.COPY_WORDS);
    add = graph.add(KernelTask.of("add", Rows::addFloats, at, words, out, states));
  }

  /** Intermediate values: of the one network of dense layers, or of all pairs of routed ones. */
  private static long innerFloats(ModelConfig config, int rows) {
    ModelConfig.Routing r = config.ffn().routing();
    long dense = config.ffn().denseIntermediate();
    if (r == null) {
      return rows * dense;
    }
    long widest = (long) r.intermediate() * Math.max(1, r.sharedExperts());
    return rows * Math.max(dense, (r.perToken() + 1) * widest);
  }

  /** Tiles that so many pairs of one network fill. */
  static long tiles(long pairs) {
    return Math.ceilDiv(pairs, Products.TILE);
  }

  /** Writes the table of a layer's networks and returns the width of the widest. */
  int describe(List<PlacedLayer.Network> of) {
    int widest = 0;
    for (int e = 0; e < of.size(); e++) {
      PlacedLayer.Network n = of.get(e);
      int at = e * Experts.NETWORK_WORDS;
      networks.set(at + Experts.NETWORK_PART, n.gate().part());
      networks.set(at + Experts.NETWORK_INNER, n.gate().outputs());
      n.gate().describe(networks, at + Experts.GATE);
      n.up().describe(networks, at + Experts.UP);
      n.down().describe(networks, at + Experts.DOWN);
      widest = Math.max(widest, n.gate().outputs());
    }
    return widest;
  }
}
