package io.assay.engine.backend.cpu;

/**
 * Arrays that are used again and again, by one worker or for one purpose; each grows to the largest
 * size asked for and keeps what was in it.
 */
final class Scratch {
  private float[] panel = new float[0];
  private short[] halves = new short[0];
  private float[] rows = new float[0];

  /** For widened weights and rows made ready for products. */
  float[] panel(int floats) {
    if (panel.length < floats) {
      panel = new float[floats];
    }
    return panel;
  }

  /** For weights and rows rounded to bf16. */
  short[] halves(int elements) {
    if (halves.length < elements) {
      halves = new short[elements];
    }
    return halves;
  }

  /** For intermediate rows. */
  float[] rows(int floats) {
    if (rows.length < floats) {
      rows = new float[floats];
    }
    return rows;
  }
}
