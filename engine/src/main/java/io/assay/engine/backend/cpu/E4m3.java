package io.assay.engine.backend.cpu;

/** Rounding to e4m3fn: four exponent bits of bias 7, three of mantissa, no infinities. */
final class E4m3 {
  /** The largest number. */
  static final float MAX = 448f;

  private static final float SMALLEST_NORMAL = 0x1p-6f;
  private static final float SUBNORMAL_STEP = 0x1p-9f;
  private static final int DROPPED_BITS = 20;

  private E4m3() {}

  /** The nearest e4m3 number, ties to even; beyond the largest the largest; NaN stays NaN. */
  static float round(float x) {
    float magnitude = Math.abs(x);
    float rounded;
    if (magnitude < SMALLEST_NORMAL) {
      rounded = (float) Math.rint(magnitude / SUBNORMAL_STEP) * SUBNORMAL_STEP;
    } else if (magnitude >= MAX) {
      rounded = MAX;
    } else {
      int bits = Float.floatToRawIntBits(magnitude);
      int half = (1 << (DROPPED_BITS - 1)) - 1 + (bits >>> DROPPED_BITS & 1);
      rounded = Float.intBitsToFloat((bits + half) & -(1 << DROPPED_BITS));
    }
    return Float.isNaN(x) ? x : Math.copySign(rounded, x);
  }
}
