package io.assay.engine.backend.cpu;

import io.assay.engine.checkpoint.DType;
import io.assay.engine.checkpoint.TensorView;
import io.assay.engine.weights.Matrix;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.SplittableRandom;

/** Weights to measure with: finite values of any stored type, off the heap like mapped ones. */
public final class RandomMatrix {
  /** Rows and columns of a scale block of published FP8 checkpoints. */
  private static final int BLOCK = 128;

  private RandomMatrix() {}

  /** {@code [outputs, inputs]}; F8_E4M3 comes with a scale for each 128x128 block. */
  public static Matrix of(DType type, int outputs, int inputs, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    MemorySegment data =
        Arena.ofAuto().allocate((long) outputs * inputs * type.bytes(), Long.BYTES);
    float deviation = (float) Math.sqrt(3.0 / inputs);
    for (long i = 0; i < (long) outputs * inputs; i++) {
      float value = (float) random.nextDouble(-deviation, deviation);
      switch (type) {
        case F32 -> data.setAtIndex(ValueLayout.JAVA_FLOAT, i, value);
        case BF16 ->
            data.setAtIndex(
                ValueLayout.JAVA_SHORT, i, (short) (Float.floatToRawIntBits(value) >>> 16));
        case F16 -> data.setAtIndex(ValueLayout.JAVA_SHORT, i, Float.floatToFloat16(value));
        // Exponents 0 to 14: all of them numbers.
        case F8_E4M3 ->
            data.set(
                ValueLayout.JAVA_BYTE,
                i,
                (byte) ((random.nextInt() & 0x80) | random.nextInt(0x78)));
        default -> throw new IllegalArgumentException("no weights are stored as " + type);
      }
    }
    TensorView view =
        new TensorView("random", type, new long[] {outputs, inputs}, data, "generated");
    if (type != DType.F8_E4M3) {
      return new Matrix(view, null, 0, 0);
    }
    float[] scales = new float[Math.ceilDiv(outputs, BLOCK) * Math.ceilDiv(inputs, BLOCK)];
    Arrays.fill(scales, deviation / 240);
    return new Matrix(view, scales, BLOCK, BLOCK);
  }

  /** {@code n} values of deviation 1. */
  public static float[] vector(int n, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    float[] values = new float[n];
    for (int i = 0; i < n; i++) {
      values[i] = (float) random.nextDouble(-Math.sqrt(3), Math.sqrt(3));
    }
    return values;
  }
}
