package io.assay.engine.backend.tornado;

import io.assay.engine.config.ModelConfig;
import io.assay.engine.weights.MtpWeights;

/** Norms outside blocks, and the entrance of prediction modules. */
final class DeviceCombine {
  /** Where a norm's weight and epsilon lie. */
  record Norm(int weight, int epsilon) {}

  /** A module's weights outside its block. */
  record Module(Norm embedding, Norm hidden, Layout.Placed product, Norm head) {
    static Module of(MtpWeights w, Layout layout, int epsilon) {
      return new Module(
          new Norm(layout.place(w.embeddingNorm()), epsilon),
          new Norm(layout.place(w.hiddenNorm()), epsilon),
          layout.place(w.combine()),
          new Norm(layout.place(w.headNorm()), epsilon));
    }
  }

  private final int hidden;
  private final int capacity;
  private final KernelRunner runner;
  private final RowStore store;
  private final CombineGraph at;

  /**
   * @param store where rows lie
   * @param rows of a block
   */
  DeviceCombine(
      ModelConfig config, KernelRunner runner, DeviceWeights weights, RowStore store, int rows) {
    this.hidden = config.hiddenSize();
    this.capacity = rows;
    this.runner = runner;
    this.store = store;
    this.at = new CombineGraph(hidden, weights, store.states(), rows);
  }

  KernelGraph graph() {
    return at.graph;
  }

  /** The given rows (null means all) after the norm. */
  DeviceRows normalize(DeviceRows x, int[] chosen, Norm norm) {
    int[] rows = chosen == null ? RowStore.all(x) : chosen;
    DeviceRows y = store.take(rows.length);
    for (int from = 0; from < rows.length; from += capacity) {
      int count = Math.min(capacity, rows.length - from);
      int source = store.enterListed(x, rows, from, count, 0);
      for (int i = 0; i < count; i++) {
        at.index.set(i, rows[from + i]);
      }
      at.graph.idle();
      norm(at.firstNorm, count, norm, source, 0, hidden, x.isOnDevice() ? 0 : -1);
      at.place.items((long) count * hidden, count * hidden, 0, store.offset(y, from, 1));
      runner.run(at.graph);
      store.leave(y, from, count, 1);
    }
    return y;
  }

  /** {@code eh_proj(cat(enorm(embedded), hnorm(previous)))}. */
  DeviceRows combine(DeviceRows embedded, DeviceRows previous, Module module) {
    DeviceRows y = store.take(embedded.rows());
    for (int from = 0; from < embedded.rows(); from += capacity) {
      int count = Math.min(capacity, embedded.rows() - from);
      int first = store.enter(embedded, from, count, 0);
      int second = store.enter(previous, from, count, 1);
      at.graph.idle();
      norm(at.firstNorm, count, module.embedding(), first, 0, 2 * hidden, -1);
      norm(at.secondNorm, count, module.hidden(), second, hidden, 2 * hidden, -1);
      KernelTask product = at.products.get(module.product().part());
      int to = store.offset(y, from, 2);
      Multiply.columns(at.graph, product, count, 0, module.product(), -1, to, hidden);
      runner.run(at.graph);
      store.leave(y, from, count, 2);
    }
    return y;
  }

  private void norm(KernelTask task, int rows, Norm norm, int x, int to, int stride, int list) {
    task.groups(rows, rows, hidden, x, hidden, to, stride, -1, norm.weight(), norm.epsilon(), list);
  }
}
