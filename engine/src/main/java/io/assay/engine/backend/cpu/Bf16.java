package io.assay.engine.backend.cpu;

/** Rounding to bfloat16, the upper half of a float, as AVX512_BF16 rounds. */
final class Bf16 {
  private static final int EXPONENT = 0x7F800000;

  private Bf16() {}

  /** The nearest bf16, ties to even, subnormal numbers to zero; NaN stays NaN. */
  static float round(float x) {
    int bits = Float.floatToRawIntBits(x);
    if ((bits & EXPONENT) == 0) {
      return Float.intBitsToFloat(bits & 0x80000000);
    }
    if (Float.isNaN(x)) {
      return x;
    }
    int rounded = bits + 0x7FFF + (bits >>> 16 & 1);
    return Float.intBitsToFloat(rounded & 0xFFFF0000);
  }
}
