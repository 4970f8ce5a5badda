package io.assay.engine.backend.tornado;

import io.assay.engine.backend.BranchObserver;
import io.assay.engine.backend.RowRouting;
import io.assay.engine.config.ModelConfig;
import io.assay.engine.config.ModelConfig.Routing;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntConsumer;

/** Runs the feed-forward graph over rows, a block at a time. */
final class DeviceFeedForward {
  private static final float[] NO_SCORES = {};

  private final ModelConfig config;
  private final KernelRunner runner;
  private final IntConsumer require;
  private final RowStore store;
  private final FeedForwardGraph at;
  private final Capacity capacity;

  /**
   * @param require has the weights of a layer on the device
   * @param store where rows lie
   */
  DeviceFeedForward(
      ModelConfig config,
      KernelRunner runner,
      IntConsumer require,
      DeviceWeights weights,
      RowStore store,
      Capacity capacity) {
    this.config = config;
    this.runner = runner;
    this.require = require;
    this.store = store;
    this.capacity = capacity;
    this.at = new FeedForwardGraph(config, weights, capacity, store.states());
  }

  KernelGraph graph() {
    return at.graph;
  }

  /** {@code x += feedForward(norm(x))} for the chosen rows; routing of all rows. */
  RowRouting apply(
      PlacedLayer layer, DeviceRows x, int[] chosen, BranchObserver branch, boolean scores) {
    PlacedLayer.FeedForward w = layer.feedForward();
    require.accept(layer.index());
    Routing routing = w.router() == null ? null : config.ffn().routing();
    boolean[] wanted = wanted(x, chosen);
    float[] scored =
        routing != null && scores
            ? new float[Math.multiplyExact(x.rows(), routing.experts())]
            : NO_SCORES;
    float[] added = branch == null ? null : new float[Math.multiplyExact(x.rows(), x.width())];
    for (int from = 0; from < x.rows(); from += capacity.rows()) {
      int rows = Math.min(capacity.rows(), x.rows() - from);
      int first = store.enter(x, from, rows, 0);
      for (int r = 0; r < rows; r++) {
        at.index.set(r, wanted[from + r] ? 1 : 0);
      }
      at.graph.idle();
      set(w, routing, first, rows);
      if (routing != null) {
        keep(w, routing, layer.index(), x, from, rows);
      }
      runner.run(at.graph, fetched(x, routing, scores, branch));
      store.leave(x, from, rows, 0);
      if (added != null) {
        RowStore.receive(at.out, added, from * x.width(), rows * x.width());
      }
      if (scored.length > 0) {
        int experts = routing.experts();
        RowStore.receive(at.routing.scores, scored, from * experts, rows * experts);
      }
      if (routing != null && !x.isOnDevice()) {
        receive(x, from, rows, layer.index(), 1);
      }
    }
    if (branch != null && (chosen == null || chosen.length > 0)) {
      branch.branch(added);
    }
    return routing == null ? null : choices(x, routing).decided(layer.index(), scored);
  }

  private static boolean[] wanted(DeviceRows x, int... chosen) {
    boolean[] wanted = new boolean[x.rows()];
    Arrays.fill(wanted, chosen == null);
    if (chosen != null) {
      for (int r : chosen) {
        wanted[r] = true;
      }
    }
    return wanted;
  }

  /** What comes back from a block of rows. */
  private Object[] fetched(DeviceRows x, Routing routing, boolean scores, BranchObserver branch) {
    List<Object> fetched = new ArrayList<>();
    if (branch != null) {
      fetched.add(at.out);
    }
    if (routing != null && scores) {
      fetched.add(at.routing.scores);
    }
    if (routing != null && !x.isOnDevice()) {
      fetched.add(at.routing.taken);
      fetched.add(at.routing.takenGates);
    }
    return fetched.toArray();
  }

  /** Keeps what is chosen for a block; takes it at once where the rows have no place of theirs. */
  private void keep(
      PlacedLayer.FeedForward w, Routing routing, int layer, DeviceRows x, int from, int rows) {
    int k = routing.perToken();
    int row = store.row(x, from, 0);
    int values = Capacity.choices(config);
    int slots = k + (w.everyRow() ? 1 : 0);
    at.routing.keep.items((long) rows * k, rows, row, values, layer * k, k, slots);
    if (!x.isOnDevice()) {
      at.routing.take.items((long) rows * k, rows, row, values, layer * k, k, slots);
    }
  }

  private DeviceChoices choices(DeviceRows x, Routing routing) {
    if (x.choices() == null) {
      x.setChoices(
          new DeviceChoices(x, config.totalLayers(), routing.perToken(), this::copyChoices));
    }
    return x.choices();
  }

  /** Copies what adjacent layers chose for rows that stay on the device. */
  private void copyChoices(DeviceRows x, int firstLayer, int layers) {
    int k = config.ffn().routing().perToken();
    for (int from = 0; from < x.rows(); from += capacity.rows()) {
      int rows = Math.min(capacity.rows(), x.rows() - from);
      at.graph.idle();
      at.routing.take.items(
          (long) rows * layers * k,
          rows,
          store.row(x, from, 0),
          Capacity.choices(config),
          firstLayer * k,
          layers * k,
          0);
      runner.run(at.graph, at.routing.taken, at.routing.takenGates);
      receive(x, from, rows, firstLayer, layers);
    }
  }

  private void receive(DeviceRows x, int from, int rows, int firstLayer, int layers) {
    Routing routing = config.ffn().routing();
    int count = rows * layers * routing.perToken();
    int[] taken = new int[count];
    float[] gates = new float[count];
    MemorySegment.copy(
        at.routing.taken.getSegment(), ValueLayout.JAVA_INT_UNALIGNED, 0, taken, 0, count);
    RowStore.receive(at.routing.takenGates, gates, 0, count);
    choices(x, routing).receive(from, rows, firstLayer, layers, taken, gates);
  }

  private void set(PlacedLayer.FeedForward w, Routing routing, int x, int rows) {
    int hidden = config.hiddenSize();
    int experts = routing == null ? 0 : routing.experts();
    int perToken = routing == null ? 0 : routing.perToken();
    int slots = perToken + (w.everyRow() ? 1 : 0);
    List<PlacedLayer.Network> networks = w.networks();
    at.norm.groups(rows, rows, hidden, x, hidden, 0, hidden, -1, w.norm(), w.epsilon(), -1);
    if (routing != null) {
      Multiply.all(at.graph, at.routing.routers.get(w.router().part()), rows, w.router(), -1);
    }
    choose(w, routing, rows, experts, perToken, slots);

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
    at.add.items((long) rows * hidden, rows * hidden, 0, x);
  }

  private void choose(
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
    at.routing.choose.items(rows, words);
    at.routing.count.items(w.networks().size(), words);
    at.routing.begin.items(1, words);
    at.routing.list.items(w.networks().size(), words);
  }

  static int method(ModelConfig.Method method) {
    return switch (method) {
      case GREEDY -> 0;
      case GROUP_LIMITED_GREEDY -> 1;
      case NOAUX_TC -> 2;
    };
  }
}
