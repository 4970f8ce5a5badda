package io.assay.engine.score;

import io.assay.engine.backend.AttentionForm;
import io.assay.engine.backend.Backend;
import io.assay.engine.model.MtpModule;
import io.assay.engine.model.Transformer;
import io.assay.engine.trie.Batch;
import io.assay.engine.trie.TokenTrie;
import java.util.List;

/**
 * The prediction modules over scored text, fed with what really follows. At depth k a row of the
 * trie joins the embedding of its own token with depth k - 1's state of the row before it (depth 0
 * is the main model) and predicts the token behind it. So the modules' rows and targets are the
 * main model's, but for the first k of each sequence, whose positions they do not have.
 *
 * <p>States of the path that the next pass builds on are kept, like the latents.
 */
final class ModuleRows {
  private final Transformer transformer;
  private final Backend backend;
  private final List<MtpModule> modules;
  private final float[][][] kept; // [depth below the last][position][hidden]

  /**
   * @param modules depth 1 first; empty if none are asked
   */
  ModuleRows(Transformer transformer, List<MtpModule> modules) {
    this.transformer = transformer;
    this.backend = transformer.backend();
    this.modules = modules;
    this.kept = new float[modules.size()][0][];
  }

  boolean asked() {
    return !modules.isEmpty();
  }

  /** Room for the main model's states of a pass, {@code [row][hidden]}; given rows have theirs. */
  float[][] states(TokenTrie trie) {
    return states(trie, 0);
  }

  private float[][] states(TokenTrie trie, int depth) {
    float[][] states = new float[trie.rows()][];
    if (depth < kept.length) {
      System.arraycopy(kept[depth], 0, states, 0, trie.given());
    }
    return states;
  }

  /** Puts states of some of the pass' rows where they belong, and releases the rows. */
  void put(Backend.Rows from, float[][] states, int[] rows) {
    float[] values = backend.read(from);
    from.release();
    int width = from.width();
    for (int i = 0; i < rows.length; i++) {
      states[rows[i]] = new float[width];
      System.arraycopy(values, i * width, states[rows[i]], 0, width);
    }
  }

  private Backend.Rows gather(float[][] states, int[] rows) {
    int width = transformer.config().hiddenSize();
    float[] joined = new float[Math.multiplyExact(rows.length, width)];
    for (int i = 0; i < rows.length; i++) {
      System.arraycopy(states[rows[i]], 0, joined, i * width, width);
    }
    return backend.write(joined, width);
  }

  /**
   * Runs all modules over a pass and scores what they predict.
   *
   * @param batches the pass' slices
   * @param main the main model's states, {@code [row][hidden]}
   * @param keep rows the next pass is given
   * @param targets by slice
   */
  void run(
      TokenTrie trie,
      List<Batch> batches,
      float[][] main,
      int[] keep,
      KeptLatents latents,
      List<SliceTargets> targets) {
    float[][] previous = main;
    for (MtpModule module : modules) {
      int depth = module.depth();
      int layer = transformer.config().numLayers() + depth - 1;
      float[][] states = states(trie, depth);
      Backend.Cache cache = latents.open(layer);
      for (Batch batch : batches) {
        Batch own = batch.from(depth);
        if (own.rows() > 0) {
          // A row's latent lies in the slot of its number.
          int[] parents = trie.parents(own.slots());
          Backend.Rows before = gather(previous, parents);
          MtpModule.Output out =
              module.forward(own, before, cache, AttentionForm.EXPANDED, (index, routing) -> {});
          put(out.normed(), states, own.slots());
          before.release();
          out.block().release();
        }
      }
      latents.close(layer);
      keep(depth - 1, previous, keep);
      // The head only now: where weights are streamed it takes the module's place.
      for (SliceTargets all : targets) {
        SliceTargets own = all.atDepth(depth);
        if (!own.isEmpty()) {
          Backend.Rows rows = gather(states, own.rows());
          own.score(transformer, rows, depth);
          rows.release();
        }
      }
      previous = states;
    }
  }

  private void keep(int depth, float[][] states, int[] rows) {
    kept[depth] = new float[rows.length][];
    for (int i = 0; i < rows.length; i++) {
      kept[depth][i] = states[rows[i]];
    }
  }
}
