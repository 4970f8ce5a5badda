package io.assay.engine.backend.cpu;

import io.assay.engine.backend.Backend;
import io.assay.engine.weights.LayerWeights;
import io.assay.engine.weights.Matrix;
import java.util.ArrayList;
import java.util.List;

/**
 * A decoder block's matrices, still where the checkpoint maps them.
 *
 * @param weights norms, biases and correction bias
 * @param networks the dense network alone, or the routed experts
 * @param shared null if none
 * @param router null in dense layers
 */
record CpuLayer(
    LayerWeights weights,
    CpuMatrix queryDown,
    CpuMatrix queryUp,
    CpuMatrix latentDown,
    CpuMatrix latentUp,
    CpuMatrix output,
    List<Network> networks,
    Network shared,
    CpuMatrix router)
    implements Backend.Layer {

  /** {@code down(silu(gate x) * up x)}. */
  record Network(CpuMatrix gate, CpuMatrix up, CpuMatrix down) {
    static Network of(LayerWeights.FeedForward f) {
      return new Network(matrix(f.gate()), matrix(f.up()), matrix(f.down()));
    }

    int intermediate() {
      return gate.rows();
    }
  }

  static CpuLayer of(LayerWeights w) {
    List<Network> networks = new ArrayList<>();
    Network shared = null;
    CpuMatrix router = null;
    if (w.dense() != null) {
      networks.add(Network.of(w.dense()));
    } else {
      w.experts().routed().forEach(f -> networks.add(Network.of(f)));
      shared = w.experts().shared() == null ? null : Network.of(w.experts().shared());
      router = matrix(w.experts().router());
    }
    LayerWeights.Attention a = w.attention();
    return new CpuLayer(
        w,
        a.queryDown() == null ? null : matrix(a.queryDown()),
        matrix(a.queryUp()),
        matrix(a.latentDown()),
        matrix(a.latentUp()),
        matrix(a.output()),
        networks,
        shared,
        router);
  }

  static CpuMatrix matrix(Matrix m) {
    return new CpuMatrix(
        m.weight().data(),
        m.weight().dtype(),
        m.outputs(),
        m.inputs(),
        m.scales(),
        m.blockRows(),
        m.blockColumns());
  }

  @Override
  public int index() {
    return weights.index();
  }
}
