package io.assay.engine.backend.tornado;

import io.assay.engine.config.ModelConfig;
import io.assay.engine.weights.MtpWeights;
import java.util.Arrays;

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
  private final CombineGraph at;

  DeviceCombine(ModelConfig config, KernelRunner runner, DeviceWeights weights, int rows) {
    this.hidden = config.hiddenSize();
    this.capacity = rows;
    this.runner = runner;
    this.at = new CombineGraph(hidden, weights, rows);
  }

  KernelGraph graph() {
    return at.graph;
  }

  /** The given rows (null means all) after the norm. */
  HostRows normalize(HostRows x, int[] chosen, Norm norm) {
    int[] rows = chosen;
    if (rows == null) {
      rows = new int[x.rows()];
      Arrays.setAll(rows, i -> i);
    }
    float[] y = new float[Math.multiplyExact(rows.length, hidden)];
    for (int from = 0; from < rows.length; from += capacity) {
      int count = Math.min(capacity, rows.length - from);
      x.send(rows, from, count, at.first);
      at.graph.idle();
      norm(at.firstNorm, count, norm, 0, hidden);
      runner.run(at.graph, at.normed);
      HostRows.receive(at.normed, y, from * hidden, count * hidden);
    }
    return new HostRows(y, hidden);
  }

  /** {@code eh_proj(cat(enorm(embedded), hnorm(previous)))}. */
  HostRows combine(HostRows embedded, HostRows previous, Module module) {
    float[] y = new float[embedded.data().length];
    for (int from = 0; from < embedded.rows(); from += capacity) {
      int count = Math.min(capacity, embedded.rows() - from);
      embedded.send(from, count, at.first);
      previous.send(from, count, at.second);
      at.graph.idle();
      norm(at.firstNorm, count, module.embedding(), 0, 2 * hidden);
      norm(at.secondNorm, count, module.hidden(), hidden, 2 * hidden);
      Multiply.all(at.graph, at.products.get(module.product().part()), count, module.product(), -1);
      runner.run(at.graph, at.out);
      HostRows.receive(at.out, y, from * hidden, count * hidden);
    }
    return new HostRows(y, hidden);
  }

  private void norm(KernelTask task, int rows, Norm norm, int to, int stride) {
    task.groups(rows, rows, hidden, 0, hidden, to, stride, -1, norm.weight(), norm.epsilon());
  }
}
