package io.assay.engine.backend.tornado;

import io.assay.engine.backend.tornado.kernel.Choices;
import io.assay.engine.backend.tornado.kernel.Grouping;
import io.assay.engine.backend.tornado.kernel.Products;
import io.assay.engine.backend.tornado.kernel.Routing;
import io.assay.engine.config.ModelConfig;
import java.util.ArrayList;
import java.util.List;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * The part of the feed-forward graph that decides: router, choice, what is kept of it until the
 * batch is through, and the rows of each network.
 */
final class RoutingTasks {
  /** Router scores of a block, {@code [rows, experts]}. */
  final FloatArray scores;

  final FloatArray gates;

  /** Choices taken for the host: {@link Choices}. */
  final IntArray taken;

  final FloatArray takenGates;

  /** Begins of each network's pairs and tiles. */
  final IntArray plan;

  /** Pairs by network. */
  final IntArray pairs;

  /** One task for each part of the weights. */
  final List<KernelTask> routers = new ArrayList<>();

  final KernelTask choose;
  final KernelTask keep;
  final KernelTask take;
  final KernelTask count;
  final KernelTask begin;
  final KernelTask list;

  /** Control words of all of them. */
  static int words(int parts) {
    return parts * Products.WORDS + 4 * Routing.WORDS + 2 * Choices.WORDS;
  }

  /**
   * @param index whether each row's networks are computed
   * @param normed rows of a block after the norm
   */
  RoutingTasks(
      KernelGraph graph,
      ModelConfig config,
      DeviceWeights weights,
      Capacity capacity,
      IntArray index,
      FloatArray normed) {
    ModelConfig.Routing routing = config.ffn().routing();
    int rows = capacity.rows();
    int experts = routing == null ? 0 : routing.experts();
    int groups = routing == null ? 1 : routing.groups();
    int slots = routing == null ? 1 : routing.perToken() + 1;
    int choices = Capacity.choices(config);
    scores = new FloatArray(Math.max(1, rows * experts));
    gates = new FloatArray(rows * slots);
    taken = new IntArray(rows * choices);
    takenGates = new FloatArray(rows * choices);
    plan = new IntArray(3 * (experts + 1) + 2);
    pairs = new IntArray(rows * slots);
    IntArray ids = new IntArray(rows * slots);
    IntArray byBias = new IntArray(rows * slots);
    IntArray kept = new IntArray(Math.multiplyExact(capacity.stateRows(), choices));
    FloatArray keptGates = new FloatArray(Math.multiplyExact(capacity.stateRows(), choices));
    FloatArray scratch = new FloatArray(rows * Routing.scratch(experts, groups));
    IntArray marks = new IntArray(rows * Routing.marks(experts, groups));
    graph.keep(scores, scratch, marks, ids, gates, byBias, kept, keptGates);
    graph.keep(taken, takenGates, plan, pairs);
    graph.fetchOnDemand(scores, taken, takenGates);

    IntArray words = graph.words();
    FloatArray v = weights.vectors();
    for (int p = 0; p < weights.parts().size(); p++) {
      routers.add(
          Multiply.task(graph, "router" + p, normed, index, v, weights.parts().get(p), scores));
    }
    int at = graph.allot(Routing.WORDS);
    choose =
        graph.add(
            KernelTask.of(
                "choose",
                Routing::chooseExperts,
                at,
                words,
                v,
                scores,
                scratch,
                marks,
                ids,
                gates,
                byBias));
    at = graph.allot(Choices.WORDS);
    keep =
        graph.add(
            KernelTask.of(
                "keep", Choices::keepChoices, at, words, ids, gates, byBias, kept, keptGates));
    at = graph.allot(Choices.WORDS);
    take =
        graph.add(
            KernelTask.of(
                "take", Choices::takeChoices, at, words, kept, keptGates, taken, takenGates));
    at = graph.allot(Routing.WORDS);
    count = graph.add(KernelTask.of("count", Grouping::countPairs, at, words, index, ids, plan));
    at = graph.allot(Routing.WORDS);
    begin = graph.add(KernelTask.of("begin", Grouping::beginPairs, at, words, plan));
    at = graph.allot(Routing.WORDS);
    list =
        graph.add(KernelTask.of("list", Grouping::listPairs, at, words, index, ids, plan, pairs));
  }
}
