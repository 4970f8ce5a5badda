package io.assay.engine.backend;

import io.assay.engine.EngineException;
import io.assay.engine.trie.Batch;
import io.assay.engine.weights.LayerWeights;
import io.assay.engine.weights.MtpWeights;

/**
 * What a device must be able to do: whole blocks over a batch of rows, so that it may keep
 * everything where it computes. A backend belongs to one model and is used by one thread at a time.
 *
 * <p>Every backend passes the same contract tests. Results of a row must not depend on the other
 * rows of a batch.
 */
public interface Backend extends AutoCloseable {
  /** Activations {@code [rows, width]} in fp32, kept by the backend. */
  interface Rows {
    int rows();

    int width();

    /**
     * Says that neither they nor what is said of them will be read any more, so that others may
     * take their place. Rows that nobody refers to are released without it, later.
     */
    default void release() {}
  }

  /** A decoder block's weights, made ready. */
  interface Layer {
    int index();
  }

  /** A prediction module's weights, made ready. */
  interface Mtp {
    int depth();

    Layer block();
  }

  /** Latents and rotated keys of one layer, {@code [slots, kv_lora + rope]}. */
  interface Cache {
    int slots();
  }

  /** Name users choose it by. */
  String name();

  /** What it computes on and how, one line. */
  String device();

  Layer prepare(LayerWeights weights);

  Mtp prepare(MtpWeights weights);

  Cache cache(int slots);

  /** Bytes that caches may take altogether, where they are not on the heap. */
  default long cacheBytes() {
    return Long.MAX_VALUE;
  }

  /**
   * Asks for smaller pieces after an operation failed for want of memory. Rows and caches that were
   * there are void if it agrees.
   *
   * @param failure what the operation threw
   * @return whether the whole call may be made again: false if memory of this backend was not what
   *     ran out, or it works in the smallest pieces already
   */
  default boolean shrink(EngineException failure) {
    return false;
  }

  /** Copies the latents of adjacent slots from one cache to another. */
  void copy(Cache from, int fromSlot, Cache to, int toSlot, int slots);

  /** Embeddings of the tokens. */
  Rows embed(int[] tokens);

  /**
   * {@code x += attention(norm(x))}. Writes the rows' latents to the cache at the batch's slots and
   * lets each row attend to its path.
   */
  void attention(
      Layer layer, Rows x, Batch batch, Cache cache, AttentionForm form, BranchObserver branch);

  /**
   * {@code x += feedForward(norm(x))} for the given rows; the others keep their value.
   *
   * @param rows which rows, ascending; null means all
   * @param scores whether {@link RowRouting#scores} will be read
   * @return routing of <em>all</em> rows, or null in a dense layer
   */
  RowRouting feedForward(Layer layer, Rows x, int[] rows, BranchObserver branch, boolean scores);

  /** The given rows (null means all), after the model's final norm. */
  Rows finalNorm(Rows x, int[] rows);

  /** The rows after a module's {@code shared_head.norm}. */
  Rows headNorm(Mtp mtp, Rows x);

  /** {@code eh_proj(cat(enorm(embed(tokens)), hnorm(previous)))}. */
  Rows combine(Mtp mtp, int[] tokens, Rows previous);

  /**
   * The vocabulary head over normalised rows.
   *
   * @param targetRows row of each wanted log-probability
   * @param targets its token
   * @param entropies whether each row's entropy is wanted too
   */
  HeadResult head(Rows normalised, int[] targetRows, int[] targets, boolean entropies);

  /** All logits of the rows, {@code [rows, vocab]}; for few rows only. */
  float[] logits(Rows normalised);

  /** A copy of the rows, {@code [rows, width]}. */
  float[] read(Rows rows);

  /** The given rows, one after the other. */
  Rows select(Rows x, int[] rows);

  /** Rows from a copy. */
  Rows write(float[] values, int width);

  @Override
  void close();
}
