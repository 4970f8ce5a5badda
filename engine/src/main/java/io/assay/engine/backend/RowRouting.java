package io.assay.engine.backend;

/**
 * The router's decisions for rows. A device may have kept those of all layers, and copies them when
 * the first is read: what is read after the last layer costs one copy a batch, what nobody reads
 * none.
 */
public interface RowRouting {
  /** Experts a row K. */
  int perToken();

  /** {@code [rows, K]} ascending in each row. */
  int[] ids();

  /** {@code [rows, K]} gate weights in the same order. */
  float[] weights();

  /**
   * {@code [rows, K]} in the same order, whether the expert was chosen only because of the
   * correction bias.
   */
  boolean[] byBias();

  /** {@code [rows, experts]} before bias; may be empty if they were not asked for. */
  float[] scores();

  /** The same without scores, which are larger than all the rest. */
  RowRouting withoutScores();

  /** Decisions that are there. */
  record Held(int perToken, int[] ids, float[] weights, boolean[] byBias, float[] scores)
      implements RowRouting {
    private static final float[] NONE = {};

    /** Room for the decisions of so many rows, without scores. */
    public static Held of(int rows, int perToken) {
      int n = Math.multiplyExact(rows, perToken);
      return new Held(perToken, new int[n], new float[n], new boolean[n], NONE);
    }

    @Override
    public Held withoutScores() {
      return new Held(perToken, ids, weights, byBias, NONE);
    }
  }
}
