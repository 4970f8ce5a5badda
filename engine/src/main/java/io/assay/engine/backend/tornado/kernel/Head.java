package io.assay.engine.backend.tornado.kernel;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.math.TornadoMath;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * What is kept of logits: for each row the largest, its token (the lowest on ties), the sum of
 * exponentials relative to it, and the wanted ones. Chunks are cut at fixed token ids and merged in
 * their order.
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

  private static final float LOWEST = -3.0e38f;

  private Head() {}

  /**
   * One work item for each row and chunk.
   *
   * @param chunks receives for each row and chunk the largest logit and the sum
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
    for (int t = from; t < to; t++) {
      sum += TornadoMath.exp(logits.get(z + t) - max);
    }
    chunks.set(2 * id, max);
    chunks.set(2 * id + 1, sum);
    best.set(id, token);
  }

  /**
   * Merges a row's chunks; one work item a row.
   *
   * @param rows receives for each row the largest logit and the sum
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
      float value = chunks.get(2 * i);
      if (value > max) {
        max = value;
        token = best.get(i);
      }
    }
    float sum = 0f;
    for (int i = row * count; i < (row + 1) * count; i++) {
      sum += chunks.get(2 * i + 1) * TornadoMath.exp(chunks.get(2 * i) - max);
    }
    rows.set(2 * row, max);
    rows.set(2 * row + 1, sum);
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
    if (id >= words.get(at + TARGETS)) {
      return;
    }
    int target = words.get(at + TARGET_LIST) + 2 * id;
    wanted.set(
        id, logits.get(index.get(target) * words.get(at + VOCABULARY) + index.get(target + 1)));
  }
}
