package io.assay.engine.backend.cpu.x86;

/**
 * How routines are told of rows that are cut into blocks: an array of longs with these places, the
 * same for all that take e4m3 with a factor a block.
 */
final class BlockRows {
  /** Rows, or groups of rows, at least one. */
  static final int COUNT = 0;

  /** Elements from a row to the next. */
  static final int STRIDE = 1;

  /** Full blocks of a row. */
  static final int FULL = 2;

  /** Blocks of a row, a partial one included. */
  static final int BLOCKS = 3;

  /** Steps of a full block. */
  static final int STEPS = 4;

  /** Full steps of the last, partial block. */
  static final int LAST_STEPS = 5;

  /** Mask of the elements after them, or 0. */
  static final int LAST_MASK = 6;

  /** How many those are. */
  static final int LAST_ELEMENTS = 7;

  private static final int SIZE = 8;

  private BlockRows() {}

  /**
   * @param columns elements of a row
   * @param block columns of a block: a multiple of the step, or the row has only one block
   * @param step elements a routine takes at a time, at most 64
   */
  static long[] of(int count, int columns, int block, int step) {
    if (block % step != 0 && block < columns) {
      throw new IllegalArgumentException("blocks of " + block + " columns in steps of " + step);
    }
    int full = block < columns ? columns / block : 0;
    int last = columns - full * block;
    long[] rows = new long[SIZE];
    rows[COUNT] = count;
    rows[STRIDE] = columns;
    rows[FULL] = full;
    rows[BLOCKS] = last > 0 ? full + 1L : full;
    rows[STEPS] = block / step;
    rows[LAST_STEPS] = last / step;
    rows[LAST_MASK] = (1L << last % step) - 1;
    rows[LAST_ELEMENTS] = last % step;
    return rows;
  }

  /** Where a routine finds one of them. */
  static Memory at(Register start, int place) {
    return Memory.at(start, Long.BYTES * place);
  }
}
