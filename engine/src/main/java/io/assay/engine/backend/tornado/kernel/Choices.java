package io.assay.engine.backend.tornado.kernel;

import uk.ac.manchester.tornado.api.KernelContext;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * What was chosen for rows, kept on the device until all layers have chosen: {@code [rows, layers,
 * K]} of twice the expert's id, one more where only the bias chose it, and of gate weights.
 */
public final class Choices {
  public static final int ROWS = 0;

  /** First row in the kept arrays. */
  public static final int FIRST_ROW = 1;

  /** Kept values of a row: layers times K. */
  public static final int ROW_VALUES = 2;

  /** First of a row's kept values that are written or taken. */
  public static final int FIRST_VALUE = 3;

  /** How many of a row's values are written (K) or taken. */
  public static final int VALUES = 4;

  /** Slots of a row where it was chosen. */
  public static final int SLOTS = 5;

  public static final int WORDS = 6;

  private Choices() {}

  /** Keeps a layer's choices of rows; one work item a routed slot. */
  public static void keepChoices(
      KernelContext context,
      int at,
      IntArray words,
      IntArray ids,
      FloatArray gates,
      IntArray byBias,
      IntArray kept,
      FloatArray keptGates) {
    int id = context.globalIdx;
    int values = words.get(at + VALUES);
    if (id >= words.get(at + ROWS) * values) {
      return;
    }
    int row = id / values;
    int i = id % values;
    int pair = row * words.get(at + SLOTS) + i;
    int to =
        (words.get(at + FIRST_ROW) + row) * words.get(at + ROW_VALUES)
            + words.get(at + FIRST_VALUE)
            + i;
    kept.set(to, 2 * ids.get(pair) + byBias.get(pair));
    keptGates.set(to, gates.get(pair));
  }

  /** Takes some of what is kept, {@code [rows, VALUES]}; one work item a value. */
  public static void takeChoices(
      KernelContext context,
      int at,
      IntArray words,
      IntArray kept,
      FloatArray keptGates,
      IntArray taken,
      FloatArray takenGates) {
    int id = context.globalIdx;
    int values = words.get(at + VALUES);
    if (id >= words.get(at + ROWS) * values) {
      return;
    }
    int from =
        (words.get(at + FIRST_ROW) + id / values) * words.get(at + ROW_VALUES)
            + words.get(at + FIRST_VALUE)
            + id % values;
    taken.set(id, kept.get(from));
    takenGates.set(id, keptGates.get(from));
  }
}
