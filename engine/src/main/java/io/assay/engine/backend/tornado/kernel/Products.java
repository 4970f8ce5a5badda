package io.assay.engine.backend.tornado.kernel;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.math.TornadoMath;
import uk.ac.manchester.tornado.api.types.arrays.ByteArray;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;
import uk.ac.manchester.tornado.api.types.arrays.ShortArray;

/**
 * Products of rows with stored weights. A work group computes one output of {@link #TILE} rows: its
 * lanes take every {@link #LANES}-th input, and their sums are added in the order of lanes. The
 * order of additions of a row's output is the same whatever other rows there are.
 */
public final class Products {
  /** Work items of a group. */
  public static final int LANES = 32;

  /** Rows of a group. */
  public static final int TILE = 4;

  // Control words of multiplyRows.
  public static final int ROWS = 0;
  public static final int OUTPUTS = 1;
  public static final int X = 2;
  public static final int X_STRIDE = 3;

  /** Where the list of rows of x begins in the index; -1 for rows one after the other. */
  public static final int X_INDEX = 4;

  public static final int Y = 5;
  public static final int Y_STRIDE = 6;

  /** Where the bias lies in the vectors, or -1. */
  public static final int BIAS = 7;

  /** Outputs that share their inputs: all, or those of a head. */
  public static final int HEAD_OUTPUTS = 8;

  /** Rows of the matrix from one head to the next. */
  public static final int HEAD_WEIGHTS = 9;

  /** First row of the matrix. */
  public static final int FIRST_WEIGHT = 10;

  /** Inputs from one head to the next. */
  public static final int HEAD_INPUTS = 11;

  public static final int MATRIX = 12;
  public static final int WORDS = MATRIX + StoredWeights.WORDS;

  // Control words of foldHeads.
  public static final int FOLD_ROWS = 0;
  public static final int FOLD_HEADS = 1;

  /** Rows of the matrix that are summed over, the first of each head. */
  public static final int FOLD_WIDTH = 2;

  public static final int FOLD_X_HEAD = 3;
  public static final int FOLD_HEAD_WEIGHTS = 4;
  public static final int FOLD_MATRIX = 5;
  public static final int FOLD_WORDS = FOLD_MATRIX + StoredWeights.WORDS;

  private Products() {}

  /** Groups of {@link #multiplyRows}. */
  public static long groups(int rows, int outputs) {
    return (long) ((rows + TILE - 1) / TILE) * outputs;
  }

  /** {@code y[r, j] = x[r] . w[j] + bias[j]}. */
  public static void multiplyRows(
      KernelContext context,
      int at,
      IntArray words,
      FloatArray x,
      IntArray index,
      FloatArray v,
      FloatArray f,
      ShortArray s,
      ByteArray b,
      FloatArray y) {
    float[] sums = context.allocateFloatLocalArray(LANES * TILE);
    int lane = context.localIdx;
    int group = context.groupIdx;
    int rows = words.get(at + ROWS);
    int outputs = TornadoMath.max(1, words.get(at + OUTPUTS));
    int j = group % outputs;
    int row = group / outputs * TILE;
    int headOutputs = TornadoMath.max(1, words.get(at + HEAD_OUTPUTS));
    int head = j / headOutputs;
    int w = words.get(at + FIRST_WEIGHT) + head * words.get(at + HEAD_WEIGHTS) + j % headOutputs;
    int origin = words.get(at + X) + head * words.get(at + HEAD_INPUTS);
    int stride = words.get(at + X_STRIDE);
    int list = words.get(at + X_INDEX);
    int x0 = origin + source(list, row, rows, index) * stride;
    int x1 = origin + source(list, row + 1, rows, index) * stride;
    int x2 = origin + source(list, row + 2, rows, index) * stride;
    int x3 = origin + source(list, row + 3, rows, index) * stride;

    int m = at + MATRIX;
    int type = words.get(m + StoredWeights.TYPE);
    int columns = words.get(m + StoredWeights.COLUMNS);
    int first = words.get(m + StoredWeights.OFFSET) + w * columns;
    int blockColumns = words.get(m + StoredWeights.BLOCK_COLUMNS);
    int scales =
        StoredWeights.scaleRow(
            words.get(m + StoredWeights.SCALES),
            w,
            words.get(m + StoredWeights.BLOCK_ROWS),
            words.get(m + StoredWeights.BLOCKS_IN_A_ROW));
    float a0 = 0f;
    float a1 = 0f;
    float a2 = 0f;
    float a3 = 0f;
    // Groups without rows come to the barrier too.
    int inputs = 0;
    if (row < rows) {
      inputs = columns;
    }
    for (int k = lane; k < inputs; k += LANES) {
      float weight =
          StoredWeights.widen(type, first + k, v, f, s, b)
              * StoredWeights.scale(scales, k, blockColumns, v);
      a0 += weight * x.get(x0 + k);
      a1 += weight * x.get(x1 + k);
      a2 += weight * x.get(x2 + k);
      a3 += weight * x.get(x3 + k);
    }
    sums[lane] = a0;
    sums[LANES + lane] = a1;
    sums[2 * LANES + lane] = a2;
    sums[3 * LANES + lane] = a3;
    context.localBarrier();
    if (lane < TILE && row + lane < rows) {
      float sum = 0f;
      for (int i = 0; i < LANES; i++) {
        sum += sums[lane * LANES + i];
      }
      int bias = words.get(at + BIAS);
      if (bias >= 0) {
        sum += v.get(bias + j);
      }
      y.set(words.get(at + Y) + (row + lane) * words.get(at + Y_STRIDE) + j, sum);
    }
  }

  /** The row of x that a row of the product reads; rows past the end read the last. */
  private static int source(int list, int row, int rows, IntArray index) {
    int r = row;
    if (row >= rows) {
      r = TornadoMath.max(0, rows - 1);
    }
    if (list >= 0) {
      r = index.get(list + r);
    }
    return r;
  }

  /**
   * {@code y[r, h, c] = sum over d of x[r, h, d] w[h, d, c]}: the matrix from the other side, for
   * queries that meet latents. One work item an element.
   */
  public static void foldHeads(
      KernelContext context,
      int at,
      IntArray words,
      FloatArray x,
      FloatArray v,
      FloatArray f,
      ShortArray s,
      ByteArray b,
      FloatArray y) {
    int id = context.globalIdx;
    int rows = words.get(at + FOLD_ROWS);
    int heads = words.get(at + FOLD_HEADS);
    int m = at + FOLD_MATRIX;
    int columns = words.get(m + StoredWeights.COLUMNS);
    if (id >= rows * heads * columns) {
      return;
    }
    int c = id % columns;
    int cell = id / columns;
    int w = cell % heads * words.get(at + FOLD_HEAD_WEIGHTS);
    int from = cell * words.get(at + FOLD_X_HEAD);
    int type = words.get(m + StoredWeights.TYPE);
    int first = words.get(m + StoredWeights.OFFSET) + w * columns + c;
    int blockColumns = words.get(m + StoredWeights.BLOCK_COLUMNS);
    int blockRows = words.get(m + StoredWeights.BLOCK_ROWS);
    int blocks = words.get(m + StoredWeights.BLOCKS_IN_A_ROW);
    int scaled = words.get(m + StoredWeights.SCALES);
    int width = words.get(at + FOLD_WIDTH);
    float sum = 0f;
    for (int d = 0; d < width; d++) {
      int scales = StoredWeights.scaleRow(scaled, w + d, blockRows, blocks);
      float weight =
          StoredWeights.widen(type, first + d * columns, v, f, s, b)
              * StoredWeights.scale(scales, c, blockColumns, v);
      sum += weight * x.get(from + d);
    }
    y.set(id, sum);
  }
}
