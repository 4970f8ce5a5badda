package io.assay.engine.backend.tornado;

import io.assay.engine.backend.BranchObserver;
import io.assay.engine.backend.RowRouting;
import io.assay.engine.config.ModelConfig;
import io.assay.engine.config.ModelConfig.Routing;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntConsumer;

/** Runs the feed-forward graph over rows, a block at a time. */
final class DeviceFeedForward {
  private final ModelConfig config;
  private final KernelRunner runner;
  private final IntConsumer require;
  private final FeedForwardGraph at;
  private final Capacity capacity;

  /**
   * @param require has the weights of a layer on the device
   */
  DeviceFeedForward(
      ModelConfig config,
      KernelRunner runner,
      IntConsumer require,
      DeviceWeights weights,
      Capacity capacity) {
    this.config = config;
    this.runner = runner;
    this.require = require;
    this.capacity = capacity;
    this.at = new FeedForwardGraph(config, weights, capacity);
  }

  KernelGraph graph() {
    return at.graph;
  }

  /** {@code x += feedForward(norm(x))} for the chosen rows; routing of all rows. */
  RowRouting apply(PlacedLayer layer, HostRows x, int[] chosen, BranchObserver branch) {
    PlacedLayer.FeedForward w = layer.feedForward();
    require.accept(layer.index());
    int[] wanted = new int[x.rows()];
    Arrays.fill(wanted, chosen == null ? 1 : 0);
    if (chosen != null) {
      for (int r : chosen) {
        wanted[r] = 1;
      }
    }
    Routing routing = w.router() == null ? null : config.ffn().routing();
    RowRouting decisions = routing == null ? null : empty(routing, x.rows());
    float[] added = new float[x.data().length];
    for (int from = 0; from < x.rows(); from += capacity.rows()) {
      int rows = Math.min(capacity.rows(), x.rows() - from);
      x.send(from, rows, at.x);
      for (int r = 0; r < rows; r++) {
        at.index.set(r, wanted[from + r]);
      }
      at.graph.idle();
      set(w, routing, rows);
      runner.run(at.graph);
      HostRows.receive(at.out, added, from * x.width(), rows * x.width());
      if (decisions != null) {
        receive(decisions, w, routing, from, rows);
      }
    }
    if (branch != null && (chosen == null || chosen.length > 0)) {
      branch.branch(added);
    }
    for (int i = 0; i < added.length; i++) {
      x.data()[i] += added[i];
    }
    return decisions;
  }

  private static RowRouting empty(Routing routing, int rows) {
    int pairs = Math.multiplyExact(rows, routing.perToken());
    return new RowRouting(
        routing.perToken(),
        new int[pairs],
        new float[pairs],
        new boolean[pairs],
        new float[Math.multiplyExact(rows, routing.experts())]);
  }

  private void set(PlacedLayer.FeedForward w, Routing routing, int rows) {
    int hidden = config.hiddenSize();
    int experts = routing == null ? 0 : routing.experts();
    int perToken = routing == null ? 0 : routing.perToken();
    int slots = perToken + (w.everyRow() ? 1 : 0);
    List<PlacedLayer.Network> networks = w.networks();
    at.norm.groups(rows, rows, hidden, 0, hidden, 0, hidden, -1, w.norm(), w.epsilon());
    if (routing != null) {
      Multiply.all(at.graph, at.routers.get(w.router().part()), rows, w.router(), -1);
    }
    select(w, routing, rows, experts, perToken, slots);

    int widest = at.describe(networks);
    // No more tiles than full ones and one begun for each network.
    long pairs = (long) rows * slots;
    long tiles = FeedForwardGraph.tiles(pairs) + Math.min(networks.size(), pairs);
    for (int p = 0; p < at.gateAndUp.size(); p++) {
      int part = p;
      if (networks.stream().anyMatch(n -> n.gate().part() == part)) {
        at.gateAndUp.get(p).groups(tiles * widest, 1, networks.size(), widest, hidden, slots, p);
        at.down.get(p).groups(tiles * hidden, 1, networks.size(), widest, hidden, slots, p);
      }
    }
    at.sum.items((long) rows * hidden, rows, hidden, slots, 0);
  }

  private void select(
      PlacedLayer.FeedForward w, Routing r, int rows, int experts, int perToken, int slots) {
    int[] words = {
      rows,
      experts,
      perToken,
      slots,
      r == null ? 1 : r.groups(),
      r == null ? 1 : r.groupsKept(),
      r != null && r.scoring() == ModelConfig.Scoring.SIGMOID ? 1 : 0,
      r == null ? 0 : method(r.method()),
      r != null && r.normalize() ? 1 : 0,
      w.correctionBias(),
      w.scaling(),
      0,
      w.networks().size()
    };
    at.select.items(rows, words);
    at.count.items(w.networks().size(), words);
    at.offsets.items(1, words);
    at.list.items(w.networks().size(), words);
  }

  static int method(ModelConfig.Method method) {
    return switch (method) {
      case GREEDY -> 0;
      case GROUP_LIMITED_GREEDY -> 1;
      case NOAUX_TC -> 2;
    };
  }

  private void receive(
      RowRouting to, PlacedLayer.FeedForward w, Routing routing, int from, int rows) {
    int k = routing.perToken();
    int slots = k + (w.everyRow() ? 1 : 0);
    for (int r = 0; r < rows; r++) {
      for (int i = 0; i < k; i++) {
        int pair = r * slots + i;
        int cell = (from + r) * k + i;
        to.ids()[cell] = at.ids.get(pair);
        to.weights()[cell] = at.gates.get(pair);
        to.byBias()[cell] = at.byBias.get(pair) == 1;
      }
    }
    HostRows.receive(at.scores, to.scores(), from * routing.experts(), rows * routing.experts());
  }
}
