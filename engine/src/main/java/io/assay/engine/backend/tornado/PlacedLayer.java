package io.assay.engine.backend.tornado;

import io.assay.engine.backend.Backend;
import io.assay.engine.config.ModelConfig;
import io.assay.engine.weights.LayerWeights;
import io.assay.engine.weights.Matrix;
import java.util.ArrayList;
import java.util.List;

/**
 * Where a decoder block's weights lie. Offsets are into the vectors of its layouts; -1 where the
 * block has none.
 */
record PlacedLayer(int index, Attention attention, FeedForward feedForward)
    implements Backend.Layer {

  /** Latent attention. */
  record Attention(
      int inputNorm,
      Layout.Placed queryDown,
      int queryDownBias,
      int queryNorm,
      Layout.Placed queryUp,
      Layout.Placed latentDown,
      int latentDownBias,
      int latentNorm,
      Layout.Placed latentUp,
      Layout.Placed output,
      int outputBias,
      Constants constants) {

    int part() {
      return output.part();
    }

    static Attention of(LayerWeights w, Layout layout, ModelConfig config, float scoreScale) {
      LayerWeights.Attention a = w.attention();
      List<Matrix> matrices = new ArrayList<>();
      if (a.queryDown() != null) {
        matrices.add(a.queryDown());
      }
      matrices.addAll(List.of(a.queryUp(), a.latentDown(), a.latentUp(), a.output()));
      List<Layout.Placed> placed = layout.placeTogether(matrices);
      int i = a.queryDown() == null ? 0 : 1;
      return new Attention(
          layout.place(w.inputNorm()),
          a.queryDown() == null ? null : placed.getFirst(),
          layout.place(a.queryDownBias()),
          layout.place(a.queryNorm()),
          placed.get(i),
          placed.get(i + 1),
          layout.place(a.latentDownBias()),
          layout.place(a.latentNorm()),
          placed.get(i + 2),
          placed.get(i + 3),
          layout.place(a.outputBias()),
          new Constants(
              layout.place(config.rmsNormEps()),
              layout.place(config.latentNormEps()),
              layout.place(scoreScale)));
    }
  }

  /** Where fp32 constants stand: control words are integers. */
  record Constants(int epsilon, int latentEpsilon, int scoreScale) {}

  /** {@code down(silu(gate x) * up x)}. */
  record Network(Layout.Placed gate, Layout.Placed up, Layout.Placed down) {
    static Network of(LayerWeights.FeedForward f, Layout layout) {
      List<Layout.Placed> p = layout.placeTogether(List.of(f.gate(), f.up(), f.down()));
      return new Network(p.get(0), p.get(1), p.get(2));
    }
  }

  /**
   * Dense or routed.
   *
   * @param router null in dense layers
   * @param networks routed experts, then the network of all rows if there is one
   * @param everyRow whether there is one
   */
  record FeedForward(
      int norm,
      int epsilon,
      Layout.Placed router,
      int correctionBias,
      int scaling,
      List<Network> networks,
      boolean everyRow) {

    static FeedForward of(LayerWeights w, Layout layout, ModelConfig config) {
      List<Network> networks = new ArrayList<>();
      LayerWeights.Experts experts = w.experts();
      LayerWeights.FeedForward every = w.dense();
      if (experts != null) {
        experts.routed().forEach(f -> networks.add(Network.of(f, layout)));
        every = experts.shared();
      }
      if (every != null) {
        networks.add(Network.of(every, layout));
      }
      return new FeedForward(
          layout.place(w.postAttentionNorm()),
          layout.place(config.rmsNormEps()),
          experts == null ? null : layout.place(experts.router()),
          experts == null ? -1 : layout.place(experts.correctionBias()),
          experts == null ? -1 : layout.place(config.ffn().routing().scaling()),
          networks,
          every != null);
    }
  }
}
