package io.assay.engine.backend.cpu;

/** Arrays one worker uses again and again; each grows to the largest size asked for. */
final class Scratch {
  private float[] panel = new float[0];
  private short[] halves = new short[0];
  private float[] rows = new float[0];

  /** For widened weights. */
  float[] panel(int floats) {
    if (panel.length < floats) {
      panel = new float[floats];
    }
    return panel;
  }

  /** For weights rounded to bf16. */
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
