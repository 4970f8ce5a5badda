package io.assay.engine.backend.tornado.kernel;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.math.TornadoMath;
import uk.ac.manchester.tornado.api.types.arrays.ByteArray;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;
import uk.ac.manchester.tornado.api.types.arrays.ShortArray;

/** Kernels over rows without weight matrices: norm, rotation, copies, sum. */
public final class Rows {
  // Control words of normalizeRows.
  public static final int NORM_ROWS = 0;
  public static final int NORM_WIDTH = 1;
  public static final int NORM_X = 2;
  public static final int NORM_X_STRIDE = 3;
  public static final int NORM_Y = 4;
  public static final int NORM_Y_STRIDE = 5;

  /** Where the list of rows of y begins in the index; -1 for rows one after the other. */
  public static final int NORM_Y_INDEX = 6;

  /** Where the weight lies in the vectors. */
  public static final int NORM_WEIGHT = 7;

  /** Where epsilon lies in the vectors. */
  public static final int NORM_EPSILON = 8;

  /** Where the list of rows of x begins in the index; -1 for rows one after the other. */
  public static final int NORM_X_INDEX = 9;

  public static final int NORM_WORDS = 10;

  // Control words of rotatePairs.
  public static final int ROTATE_ROWS = 0;
  public static final int ROTATE_HEADS = 1;
  public static final int ROTATE_PAIRS = 2;
  public static final int ROTATE_INTERLEAVED = 3;
  public static final int ROTATE_X = 4;
  public static final int ROTATE_X_STRIDE = 5;
  public static final int ROTATE_X_HEAD = 6;
  public static final int ROTATE_Y = 7;
  public static final int ROTATE_Y_STRIDE = 8;
  public static final int ROTATE_Y_INDEX = 9;
  public static final int ROTATE_WORDS = 10;

  // Control words of copyFloats, moveFloats and addFloats.
  public static final int COPY_COUNT = 0;
  public static final int COPY_FROM = 1;
  public static final int COPY_TO = 2;
  public static final int COPY_WORDS = 3;

  // Control words of gatherRows.
  public static final int GATHER_ROWS = 0;
  public static final int GATHER_WIDTH = 1;

  /** Where the list of rows begins in the index. */
  public static final int GATHER_LIST = 2;

  /** Row 0 of the list. */
  public static final int GATHER_FROM = 3;

  public static final int GATHER_TO = 4;
  public static final int GATHER_WORDS = 5;

  private Rows() {}

  /** {@code y = x / sqrt(mean(x^2) + epsilon) * weight}; a group a row. */
  public static void normalizeRows(
      KernelContext context,
      int at,
      IntArray words,
      FloatArray x,
      IntArray index,
      FloatArray v,
      FloatArray y) {
    float[] sums = context.allocateFloatLocalArray(Products.LANES);
    int lane = context.localIdx;
    int row = context.groupIdx;
    int width = 0;
    if (row < words.get(at + NORM_ROWS)) {
      width = words.get(at + NORM_WIDTH);
    }
    int listed = words.get(at + NORM_X_INDEX);
    int source = row;
    if (listed >= 0 && width > 0) {
      source = index.get(listed + row);
    }
    int from = words.get(at + NORM_X) + source * words.get(at + NORM_X_STRIDE);
    float sum = 0f;
    for (int i = lane; i < width; i += Products.LANES) {
      float value = x.get(from + i);
      sum += value * value;
    }
    sums[lane] = sum;
    context.localBarrier();
    float total = 0f;
    for (int i = 0; i < Products.LANES; i++) {
      total += sums[i];
    }
    float factor =
        1f
            / TornadoMath.sqrt(
                total / TornadoMath.max(1, width) + v.get(words.get(at + NORM_EPSILON)));
    int list = words.get(at + NORM_Y_INDEX);
    int target = row;
    if (list >= 0 && width > 0) {
      target = index.get(list + row);
    }
    int to = words.get(at + NORM_Y) + target * words.get(at + NORM_Y_STRIDE);
    int weight = words.get(at + NORM_WEIGHT);
    for (int i = lane; i < width; i += Products.LANES) {
      y.set(to + i, x.get(from + i) * factor * v.get(weight + i));
    }
  }

  /**
   * Rotates pairs (2i, 2i + 1), or (i, i + half), of each head of x into y, where heads lie one
   * after the other. One work item a pair.
   *
   * @param angles for each row the cosines of its pairs, then the sines
   */
  public static void rotatePairs(
      KernelContext context,
      int at,
      IntArray words,
      FloatArray x,
      IntArray index,
      FloatArray angles,
      FloatArray y) {
    int id = context.globalIdx;
    int pairs = words.get(at + ROTATE_PAIRS);
    int heads = words.get(at + ROTATE_HEADS);
    if (id >= words.get(at + ROTATE_ROWS) * heads * pairs) {
      return;
    }
    int i = id % pairs;
    int head = id / pairs % heads;
    int row = id / pairs / heads;
    int list = words.get(at + ROTATE_Y_INDEX);
    int target = row;
    if (list >= 0) {
      target = index.get(list + row);
    }
    int from =
        words.get(at + ROTATE_X)
            + row * words.get(at + ROTATE_X_STRIDE)
            + head * words.get(at + ROTATE_X_HEAD);
    int to = words.get(at + ROTATE_Y) + target * words.get(at + ROTATE_Y_STRIDE) + head * 2 * pairs;
    int p = i;
    int q = i + pairs;
    if (words.get(at + ROTATE_INTERLEAVED) == 1) {
      p = 2 * i;
      q = p + 1;
    }
    float cos = angles.get(row * 2 * pairs + i);
    float sin = angles.get(row * 2 * pairs + pairs + i);
    float first = x.get(from + p);
    float second = x.get(from + q);
    y.set(to + p, first * cos - second * sin);
    y.set(to + q, first * sin + second * cos);
  }

  /** Keeps arrays in a graph that only brings them to the device; computes nothing. */
  public static void holdWeights(
      KernelContext context, int at, IntArray words, FloatArray f, ShortArray s, ByteArray b) {
    if (context.globalIdx < words.get(at + COPY_COUNT)) {
      f.set(0, f.get(0) + s.get(0) + b.get(0));
    }
  }

  /** Copies elements within x to where none of them comes from; one work item an element. */
  public static void copyFloats(KernelContext context, int at, IntArray words, FloatArray x) {
    int id = context.globalIdx;
    if (id < words.get(at + COPY_COUNT)) {
      x.set(words.get(at + COPY_TO) + id, x.get(words.get(at + COPY_FROM) + id));
    }
  }

  /** Copies elements of x to y; one work item an element. */
  public static void moveFloats(
      KernelContext context, int at, IntArray words, FloatArray x, FloatArray y) {
    int id = context.globalIdx;
    if (id < words.get(at + COPY_COUNT)) {
      y.set(words.get(at + COPY_TO) + id, x.get(words.get(at + COPY_FROM) + id));
    }
  }

  /** {@code y += x} for some elements; one work item an element. */
  public static void addFloats(
      KernelContext context, int at, IntArray words, FloatArray x, FloatArray y) {
    int id = context.globalIdx;
    if (id < words.get(at + COPY_COUNT)) {
      int to = words.get(at + COPY_TO) + id;
      y.set(to, y.get(to) + x.get(words.get(at + COPY_FROM) + id));
    }
  }

  /**
   * Copies listed rows within x to where none of them comes from, one after the other; one work
   * item an element.
   */
  public static void gatherRows(
      KernelContext context, int at, IntArray words, IntArray index, FloatArray x) {
    int id = context.globalIdx;
    int width = words.get(at + GATHER_WIDTH);
    if (id >= words.get(at + GATHER_ROWS) * width) {
      return;
    }
    int row = index.get(words.get(at + GATHER_LIST) + id / width);
    x.set(
        words.get(at + GATHER_TO) + id,
        x.get(words.get(at + GATHER_FROM) + row * width + id % width));
  }
}
