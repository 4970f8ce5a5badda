package io.assay.engine.backend.tornado.kernel;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.math.TornadoMath;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * What is kept of logits z: for each row the largest m, its token (the lowest on ties), the
 * <em>sums</em> of exp(z - m) and of exp(z - m) (z - m), from which normaliser and entropy follow,
 * and the wanted ones. Chunks are cut at fixed token ids and merged in their order.
 */
public final class Head {
  /** Tokens of a chunk. */
  public static final int CHUNK = 512;

  public static final int ROWS = 0;
  public static final int VOCABULARY = 1;
  public static final int CHUNKS = 2;

  /** Wanted logits. */
  public static final int TARGETS = 3;

  /** Where in the index for each wanted logit its row and its token stand. */
  public static final int TARGET_LIST = 4;

  public static final int WORDS = 5;

  /** Floats of a chunk, and of a row: the largest logit and both sums. */
  public static final int SUMS = 3;

  private static final float LOWEST = -3.0e38f;

  private Head() {}

  /**
   * One work item for each row and chunk.
   *
   * @param chunks receives {@link #SUMS} for each row and chunk
   * @param best receives for each row and chunk the token
   */
  public static void reduceChunks(
      KernelContext context,
      int at,
      IntArray words,
      FloatArray logits,
      FloatArray chunks,
      IntArray best) {
    int id = context.globalIdx;
    int count = words.get(at + CHUNKS);
    if (id >= words.get(at + ROWS) * count) {
      return;
    }
    int vocabulary = words.get(at + VOCABULARY);
    int z = id / count * vocabulary;
    int from = id % count * CHUNK;
    int to = from + CHUNK;
    if (to > vocabulary) {
      to = vocabulary;
    }
    float max = logits.get(z + from);
    int token = from;
    for (int t = from + 1; t < to; t++) {
      float value = logits.get(z + t);
      if (value > max) {
        max = value;
        token = t;
      }
    }
    float sum = 0f;
    float expected = 0f;
    for (int t = from; t < to; t++) {
      float shift = logits.get(z + t) - max;
      float weight = TornadoMath.exp(shift);
      sum += weight;
      expected += weight * shift;
    }
    chunks.set(SUMS * id, max);
    chunks.set(SUMS * id + 1, sum);
    chunks.set(SUMS * id + 2, expected);
    best.set(id, token);
  }

  /**
   * Merges a row's chunks; one work item a row.
   *
   * @param rows receives {@link #SUMS} for each row
   * @param tokens receives for each row its best token
   */
  public static void mergeChunks(
      KernelContext context,
      int at,
      IntArray words,
      FloatArray chunks,
      IntArray best,
      FloatArray rows,
      IntArray tokens) {
    int row = context.globalIdx;
    if (row >= words.get(at + ROWS)) {
      return;
    }
    int count = words.get(at + CHUNKS);
    float max = LOWEST;
    int token = 0;
    for (int i = row * count; i < (row + 1) * count; i++) {
      float value = chunks.get(SUMS * i);
      if (value > max) {
        max = value;
        token = best.get(i);
      }
    }
    float sum = 0f;
    float expected = 0f;
    for (int i = row * count; i < (row + 1) * count; i++) {
      // A chunk's sums count from its own largest logit.
      float shift = chunks.get(SUMS * i) - max;
      float weight = TornadoMath.exp(shift);
      float part = chunks.get(SUMS * i + 1);
      sum += part * weight;
      expected += (chunks.get(SUMS * i + 2) + part * shift) * weight;
    }
    rows.set(SUMS * row, max);
    rows.set(SUMS * row + 1, sum);
    rows.set(SUMS * row + 2, expected);
    tokens.set(row, token);
  }

  /** Takes the wanted logits; one work item each. */
  public static void gatherLogits(
      KernelContext context,
      int at,
      IntArray words,
      IntArray index,
      FloatArray logits,
      FloatArray wanted) {
    int id = context.globalIdx;
    if (words.get(at + ROWS) == 0 || id >= words.get(at + TARGETS)) {
      return;
    }
    int target = words.get(at + TARGET_LIST) + 2 * id;
    wanted.set(
        id, logits.get(index.get(target) * words.get(at + VOCABULARY) + index.get(target + 1)));
  }
}
