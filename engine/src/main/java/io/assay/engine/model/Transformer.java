package io.assay.engine.model;

import io.assay.engine.backend.AttentionForm;
import io.assay.engine.backend.Backend;
import io.assay.engine.backend.Backend.Cache;
import io.assay.engine.backend.Backend.Layer;
import io.assay.engine.backend.Backend.Rows;
import io.assay.engine.backend.HeadResult;
import io.assay.engine.config.ModelConfig;
import io.assay.engine.config.ModelConfig.MtpHidden;
import io.assay.engine.trace.HiddenObserver;
import io.assay.engine.trace.RoutingObserver;
import io.assay.engine.trie.Batch;
import java.util.ArrayList;
import java.util.List;

/**
 * The main model: embedding, blocks, final norm. The layer is the outer loop: a batch passes a
 * layer completely before the next, so a layer's weights are needed once a batch, and scoring keeps
 * the latents of one layer only.
 */
public final class Transformer {
  /**
   * Rows that are in a layer together.
   *
   * @param form how their attention is computed
   * @param wanted rows whose last layer is completed, ascending; null means all
   * @param routing hears where they are sent
   */
  public record Part(Batch batch, AttentionForm form, int[] wanted, RoutingObserver routing) {}

  private final ModelConfig config;
  private final Backend backend;
  private final LayerSource layers;

  public Transformer(ModelConfig config, LayerSource layers, Backend backend) {
    this.config = config;
    this.layers = layers;
    this.backend = backend;
  }

  /**
   * Hidden states of the wanted rows after the last layer, before the final norm.
   *
   * @param caches latents of each layer; the same cache may serve all layers when nothing is read
   *     back later
   * @param wanted rows whose last layer is completed, ascending; null means all. The result holds
   *     every row of the batch, only these are meaningful
   * @param hidden receives intermediate states, or null
   */
  public Rows forward(
      Batch batch,
      LayerLatents caches,
      AttentionForm form,
      int[] wanted,
      RoutingObserver routing,
      HiddenObserver hidden) {
    return forward(List.of(new Part(batch, form, wanted, routing)), caches, hidden).getFirst();
  }

  /**
   * The same for rows that are too many for one batch, or of different forms: all parts go through
   * a layer, one after the other, before the next layer. A part may build on those before it.
   */
  public List<Rows> forward(List<Part> parts, LayerLatents latents, HiddenObserver hidden) {
    layers.embedding();
    List<Rows> states = new ArrayList<>();
    for (Part part : parts) {
      Rows x = backend.embed(part.batch().tokens());
      if (hidden != null) {
        hidden.hidden("embed", backend.read(x));
      }
      states.add(x);
    }
    for (int index = 0; index < config.numLayers(); index++) {
      Layer layer = layers.layer(index);
      boolean last = index == config.numLayers() - 1;
      Cache cache = latents.open(index);
      for (int i = 0; i < parts.size(); i++) {
        Part part = parts.get(i);
        int[] wanted = last ? part.wanted() : null;
        block(
            layer, states.get(i), part.batch(), cache, part.form(), wanted, part.routing(), hidden);
      }
      latents.close(index);
    }
    parts.forEach(part -> part.routing().finished());
    return states;
  }

  /** One block over a batch; {@code x} is changed in place. */
  void block(
      Layer layer,
      Rows x,
      Batch batch,
      Cache cache,
      AttentionForm form,
      int[] wanted,
      RoutingObserver routing,
      HiddenObserver hidden) {
    String name = "layers." + layer.index() + ".";
    backend.attention(
        layer,
        x,
        batch,
        cache,
        form,
        hidden == null ? null : b -> hidden.hidden(name + "attn_out", b.clone()));
    var decisions =
        backend.feedForward(
            layer,
            x,
            wanted,
            hidden == null ? null : b -> hidden.hidden(name + "mlp_out", b.clone()),
            routing.scores());
    if (decisions != null) {
      routing.routed(layer.index(), decisions);
    }
    if (hidden != null) {
      hidden.hidden(name + "out", backend.read(x));
    }
  }

  /**
   * What the first prediction module reads of complete rows: their states after the final norm, or
   * before it where the configuration says so.
   */
  public Rows moduleInput(Rows x) {
    return config.mtpHidden() == MtpHidden.POST_NORM ? backend.finalNorm(x, null) : x;
  }

  /**
   * The same for rows whose final norm is there already.
   *
   * @param normed all of them after the final norm
   */
  public Rows moduleInput(Rows x, Rows normed) {
    return config.mtpHidden() == MtpHidden.POST_NORM ? normed : x;
  }

  /** The same without entropies. */
  public HeadResult head(Rows normalised, int[] targetRows, int[] targets) {
    return head(normalised, targetRows, targets, /* entropies= */ false);
  }

  /** {@link Backend#head} over the main model's or a module's normalised rows. */
  public HeadResult head(Rows normalised, int[] targetRows, int[] targets, boolean entropies) {
    layers.head();
    return backend.head(normalised, targetRows, targets, entropies);
  }

  /** {@link Backend#logits} over the main model's or a module's normalised rows. */
  public float[] logits(Rows normalised) {
    layers.head();
    return backend.logits(normalised);
  }

  LayerSource layers() {
    return layers;
  }

  /** Bytes of weights read so far; 0 where they are resident. */
  public long weightBytesRead() {
    return layers.bytesRead();
  }

  public ModelConfig config() {
    return config;
  }

  public Backend backend() {
    return backend;
  }
}
