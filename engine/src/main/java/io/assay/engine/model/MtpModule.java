package io.assay.engine.model;

import io.assay.engine.backend.AttentionForm;
import io.assay.engine.backend.Backend;
import io.assay.engine.backend.Backend.Cache;
import io.assay.engine.backend.Backend.Mtp;
import io.assay.engine.backend.Backend.Rows;
import io.assay.engine.trace.RoutingObserver;
import io.assay.engine.trie.Batch;

/**
 * One multi-token prediction module (DeepSeek-V3 report, equations 21 to 23, with the embedding
 * first as in shipped weights). Row i of depth k joins the previous depth's state at position i
 * with the embedding of token i + k and predicts token i + k + 1.
 */
public final class MtpModule {
  /**
   * @param block output of the module's decoder block, before its norm
   * @param normed the same after {@code shared_head.norm}: input of the head and of the next depth
   */
  public record Output(Rows block, Rows normed) {}

  private final Transformer transformer;
  private final int depth;

  /**
   * @param depth from 1
   */
  public MtpModule(Transformer transformer, int depth) {
    this.transformer = transformer;
    this.depth = depth;
  }

  /** From 1. */
  public int depth() {
    return depth;
  }

  /**
   * @param batch rows with their positions i; its tokens are those at i + depth
   * @param previous the previous depth's normed states of the same rows; for depth 1 the main
   *     model's
   * @param cache the module's own latents
   */
  public Output forward(
      Batch batch, Rows previous, Cache cache, AttentionForm form, RoutingObserver routing) {
    Backend backend = transformer.backend();
    transformer.layers().embedding();
    Mtp mtp = transformer.layers().mtp(depth);
    Rows x = backend.combine(mtp, batch.tokens(), previous);
    transformer.block(mtp.block(), x, batch, cache, form, null, routing, null);
    routing.finished();
    return new Output(x, backend.headNorm(mtp, x));
  }
}
