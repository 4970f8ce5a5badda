package io.assay.engine.backend.tornado;

import io.assay.engine.backend.tornado.kernel.Experts;
import io.assay.engine.backend.tornado.kernel.Grouping;
import io.assay.engine.backend.tornado.kernel.Products;
import io.assay.engine.backend.tornado.kernel.Routing;
import io.assay.engine.backend.tornado.kernel.Rows;
import io.assay.engine.config.ModelConfig;
import java.util.ArrayList;
import java.util.List;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * The graph of dense and routed feed-forward layers: norm, router, choice, grouping of rows by
 * expert, two launches for all experts, sum. A dense layer is a layer whose only network takes
 * every row.
 */
final class FeedForwardGraph {
  final KernelGraph graph;
  final FloatArray x;

  /** Whether each row's networks are computed. */
  final IntArray index;

  final FloatArray out;
  final FloatArray scores;
  final FloatArray gates;
  final IntArray ids;
  final IntArray byBias;

  final KernelTask norm;

  /** One task for each part of the weights, here and below. */
  final List<KernelTask> routers = new ArrayList<>();

  final KernelTask select;
  final KernelTask count;
  final KernelTask offsets;
  final KernelTask list;
  final List<KernelTask> gateAndUp = new ArrayList<>();
  final List<KernelTask> down = new ArrayList<>();
  final KernelTask sum;

  private final IntArray networks;

  FeedForwardGraph(ModelConfig config, DeviceWeights weights, Capacity capacity) {
    ModelConfig.Routing routing = config.ffn().routing();
    int rows = capacity.rows();
    int hidden = config.hiddenSize();
    int experts = routing == null ? 0 : routing.experts();
    int groups = routing == null ? 1 : routing.groups();
    int slots = routing == null ? 1 : routing.perToken() + 1;
    int pairs = rows * slots;
    int partCount = weights.parts().size();
    graph =
        new KernelGraph(
            "feedForward",
            Rows.NORM_WORDS
                + 4 * Routing.WORDS
                + Experts.SUM_WORDS
                + partCount * (Products.WORDS + 2 * Experts.WORDS));
    x = new FloatArray(rows * hidden);
    index = new IntArray(rows);
    networks = new IntArray((experts + 1) * Experts.NETWORK_WORDS);
    out = new FloatArray(rows * hidden);
    scores = new FloatArray(Math.max(1, rows * experts));
    gates = new FloatArray(pairs);
    ids = new IntArray(pairs);
    byBias = new IntArray(pairs);
    FloatArray normed = new FloatArray(rows * hidden);
    FloatArray scratch = new FloatArray(rows * Routing.scratch(experts, groups));
    IntArray marks = new IntArray(rows * Routing.marks(experts, groups));
    IntArray plan = new IntArray(3 * (experts + 1) + 2);
    IntArray list = new IntArray(pairs);
    FloatArray inner = new FloatArray(Math.toIntExact(innerFloats(config, rows)));
    FloatArray contributions = new FloatArray(Math.multiplyExact(pairs, hidden));
    graph.send(x, index, networks);
    weights.declare(graph);
    graph.keep(
        normed, scores, scratch, marks, ids, gates, byBias, plan, list, inner, contributions, out);
    graph.returnAfterwards(out, scores, ids, gates, byBias);

    IntArray words = graph.words();
    FloatArray v = weights.vectors();
    norm =
        graph.add(
            KernelTask.of(
                "norm",
                Rows::normalizeRows,
                graph.allot(Rows.NORM_WORDS),
                words,
                x,
                index,
                v,
                normed));
    for (int p = 0; p < partCount; p++) {
      routers.add(
          Multiply.task(graph, "router" + p, normed, index, v, weights.parts().get(p), scores));
    }
    select =
        graph.add(
            KernelTask.of(
                "select",
                Routing::chooseExperts,
                graph.allot(Routing.WORDS),
                words,
                v,
                scores,
                scratch,
                marks,
                ids,
                gates,
                byBias));
    count =
        graph.add(
            KernelTask.of(
                "count",
                Grouping::countPairs,
                graph.allot(Routing.WORDS),
                words,
                index,
                ids,
                plan));
    offsets =
        graph.add(
            KernelTask.of(
                "offsets", Grouping::beginPairs, graph.allot(Routing.WORDS), words, plan));
    this.list =
        graph.add(
            KernelTask.of(
                "list",
                Grouping::listPairs,
                graph.allot(Routing.WORDS),
                words,
                index,
                ids,
                plan,
                list));
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
                  plan,
                  list,
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
                  plan,
                  list,
                  inner,
                  v,
                  w.floats(),
                  w.shorts(),
                  w.bytes(),
                  contributions)));
    }
    sum =
        graph.add(
            KernelTask.of(
                "sum",
                Experts::sumContributions,
                graph.allot(Experts.SUM_WORDS),
                words,
                index,
                gates,
                contributions,
                out));
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
