package io.assay.engine.backend.tornado.kernel;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.types.arrays.ByteArray;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;
import uk.ac.manchester.tornado.api.types.arrays.ShortArray;

/** The embedding: rows of a stored matrix, chosen by tokens. */
public final class Embedding {
  public static final int ROWS = 0;

  /** Where the rows' tokens begin in the index. */
  public static final int TOKENS = 1;

  public static final int Y = 2;

  /** Token of the matrix' first row: it may be one of several pieces. */
  public static final int FIRST_TOKEN = 3;

  /** Rows of the matrix. */
  public static final int MATRIX_ROWS = 4;

  public static final int MATRIX = 5;
  public static final int WORDS = MATRIX + StoredWeights.WORDS;

  private Embedding() {}

  /**
   * {@code y[r] = w[token of r]} where this piece of the matrix holds the token; one work item an
   * element.
   */
  public static void lookUpTokens(
      KernelContext context,
      int at,
      IntArray words,
      IntArray index,
      FloatArray v,
      FloatArray f,
      ShortArray s,
      ByteArray b,
      FloatArray y) {
    int id = context.globalIdx;
    int m = at + MATRIX;
    int columns = words.get(m + StoredWeights.COLUMNS);
    if (id >= words.get(at + ROWS) * columns) {
      return;
    }
    int c = id % columns;
    int w = index.get(words.get(at + TOKENS) + id / columns) - words.get(at + FIRST_TOKEN);
    if (w >= 0 && w < words.get(at + MATRIX_ROWS)) {
      int scales =
          StoredWeights.scaleRow(
              words.get(m + StoredWeights.SCALES),
              w,
              words.get(m + StoredWeights.BLOCK_ROWS),
              words.get(m + StoredWeights.BLOCKS_IN_A_ROW));
      float weight =
          StoredWeights.widen(
                  words.get(m + StoredWeights.TYPE),
                  words.get(m + StoredWeights.OFFSET) + w * columns + c,
                  v,
                  f,
                  s,
                  b)
              * StoredWeights.scale(scales, c, words.get(m + StoredWeights.BLOCK_COLUMNS), v);
      y.set(words.get(at + Y) + id, weight);
    }
  }
}
