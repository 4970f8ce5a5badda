package io.assay.engine.backend.tornado.kernel;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.math.TornadoMath;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * Softmax attention of rows over the positions on their paths, for both forms: a key is an own part
 * A (projected up, or the latent) and the rotary part B that all heads share; the value lies where
 * part A lies. Positions are taken {@link Products#LANES} at a time from position 0, so nothing
 * depends on where a path is cut or what else is in the batch.
 */
public final class Attention {
  public static final int ROWS = 0;
  public static final int HEADS = 1;

  /** Width of part A. */
  public static final int A = 2;

  public static final int QUERY_A_STRIDE = 3;
  public static final int QUERY_A_HEAD = 4;
  public static final int QUERY_A = 5;

  /** Width of part B. */
  public static final int B = 6;

  public static final int QUERY_B_STRIDE = 7;
  public static final int QUERY_B = 8;
  public static final int KEY_A_STRIDE = 9;
  public static final int KEY_A_HEAD = 10;

  /** 1 if part A of key i is row i, 0 if it lies at its slot. */
  public static final int KEY_A_COMPACT = 11;

  public static final int SLOT_STRIDE = 12;

  /** Where part B of slot 0 lies. */
  public static final int KEY_B = 13;

  /** From part A of a key to the value. */
  public static final int VALUE = 14;

  public static final int VALUE_WIDTH = 15;
  public static final int OUT_STRIDE = 16;
  public static final int OUT = 17;

  /** Where for each row the begin of its path's list of keys stands. */
  public static final int PATHS = 18;

  /** Where for each row its position stands. */
  public static final int POSITIONS = 19;

  /** Where for each key its slot stands. */
  public static final int SLOTS = 20;

  /** Where the factor of scores lies in the vectors. */
  public static final int SCALE = 21;

  /** Where part A of key 0, or slot 0, lies. */
  public static final int KEY_A = 22;

  public static final int WORDS = 23;

  /** Less than any score; infinities do not compile. */
  private static final float LOWEST = -3.0e38f;

  private Attention() {}

  /** {@code out = softmax(scale * q k^T) v}; a group for each row and head. */
  public static void attendPaths(
      KernelContext context,
      int at,
      IntArray words,
      FloatArray queryA,
      FloatArray queryB,
      FloatArray keyA,
      FloatArray latents,
      IntArray index,
      FloatArray v,
      FloatArray out) {
    float[] scores = context.allocateFloatLocalArray(Products.LANES);
    float[] weights = context.allocateFloatLocalArray(Products.LANES);
    int lane = context.localIdx;
    int group = context.groupIdx;
    int heads = TornadoMath.max(1, words.get(at + HEADS));
    int row = group / heads;
    int head = group % heads;
    // A group without a row sees no positions and has no values.
    int positions = 0;
    int path = 0;
    int valueWidth = 0;
    if (row < words.get(at + ROWS)) {
      positions = index.get(words.get(at + POSITIONS) + row) + 1;
      path = index.get(words.get(at + PATHS) + row);
      valueWidth = words.get(at + VALUE_WIDTH);
    }
    int slots = words.get(at + SLOTS);
    int widthA = words.get(at + A);
    int widthB = words.get(at + B);
    int qa =
        words.get(at + QUERY_A)
            + row * words.get(at + QUERY_A_STRIDE)
            + head * words.get(at + QUERY_A_HEAD);
    int qb = words.get(at + QUERY_B) + row * words.get(at + QUERY_B_STRIDE) + head * widthB;
    int strideA = words.get(at + KEY_A_STRIDE);
    int shiftA = words.get(at + KEY_A) + head * words.get(at + KEY_A_HEAD);
    int compact = words.get(at + KEY_A_COMPACT);
    int slotStride = words.get(at + SLOT_STRIDE);
    int shiftB = words.get(at + KEY_B);
    int shiftValue = shiftA + words.get(at + VALUE);
    int o = words.get(at + OUT) + row * words.get(at + OUT_STRIDE) + head * valueWidth;
    float scale = v.get(words.get(at + SCALE));
    for (int d = lane; d < valueWidth; d += Products.LANES) {
      out.set(o + d, 0f);
    }
    float max = LOWEST;
    float sum = 0f;
    for (int from = 0; from < positions; from += Products.LANES) {
      int seen = positions - from;
      if (seen > Products.LANES) {
        seen = Products.LANES;
      }
      float score = LOWEST;
      if (lane < seen) {
        int key = index.get(path + from + lane);
        int slot = index.get(slots + key);
        int ka = slot;
        if (compact == 1) {
          ka = key;
        }
        ka = ka * strideA + shiftA;
        int kb = slot * slotStride + shiftB;
        float dot = 0f;
        for (int d = 0; d < widthA; d++) {
          dot += queryA.get(qa + d) * keyA.get(ka + d);
        }
        for (int d = 0; d < widthB; d++) {
          dot += queryB.get(qb + d) * latents.get(kb + d);
        }
        score = dot * scale;
      }
      scores[lane] = score;
      context.localBarrier();
      float top = max;
      for (int i = 0; i < seen; i++) {
        top = TornadoMath.max(top, scores[i]);
      }
      float weight = 0f;
      if (lane < seen) {
        weight = TornadoMath.exp(score - top);
      }
      weights[lane] = weight;
      context.localBarrier();
      float kept = TornadoMath.exp(max - top);
      sum = sum * kept;
      for (int i = 0; i < seen; i++) {
        sum += weights[i];
      }
      for (int d = lane; d < valueWidth; d += Products.LANES) {
        float value = out.get(o + d) * kept;
        for (int i = 0; i < seen; i++) {
          int key = index.get(path + from + i);
          int at0 = key;
          if (compact == 0) {
            at0 = index.get(slots + key);
          }
          value += weights[i] * keyA.get(at0 * strideA + shiftValue + d);
        }
        out.set(o + d, value);
      }
      max = top;
    }
    for (int d = lane; d < valueWidth; d += Products.LANES) {
      out.set(o + d, out.get(o + d) / sum);
    }
  }
}
