package io.assay.engine.checkpoint;

import io.assay.engine.EngineException;
import io.assay.engine.ErrorCode;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;

/** Stored number formats, decoded exactly: every value of each of them is a float. */
public final class FloatFormats {
  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private static final int TABLE_SIZE = 256;
  private static final float[] E4M3 = e4m3Values();

  private FloatFormats() {}

  /** bfloat16: the upper half of a float. */
  public static float bf16(short bits) {
    return Float.intBitsToFloat(bits << 16);
  }

  /** IEEE 754 binary16. */
  public static float f16(short bits) {
    return Float.float16ToFloat(bits);
  }

  /**
   * e4m3fn (arXiv 2209.05433): bias 7, no infinities, NaN only as 0x7F and 0xFF, largest value 448,
   * subnormals in steps of 2^-9.
   */
  public static float e4m3(byte bits) {
    return E4M3[bits & 0xFF];
  }

  /** The 256 values of {@link #e4m3}, indexed by the unsigned byte; a copy. */
  public static float[] e4m3Table() {
    return E4M3.clone();
  }

  private static float[] e4m3Values() {
    float[] values = new float[TABLE_SIZE];
    for (int i = 0; i < TABLE_SIZE; i++) {
      int exponent = (i >> 3) & 0xF;
      int mantissa = i & 0x7;
      float magnitude;
      if (exponent == 0xF && mantissa == 0x7) {
        magnitude = Float.NaN;
      } else if (exponent == 0) {
        magnitude = Math.scalb((float) mantissa, -9);
      } else {
        magnitude = Math.scalb((float) (8 + mantissa), exponent - 10);
      }
      values[i] = (i & 0x80) == 0 ? magnitude : -magnitude;
    }
    return values;
  }

  /**
   * All elements of a tensor of type F32, BF16, F16 or F8_E4M3 in storage order. Block scales are
   * not applied.
   *
   * @throws EngineException {@code TENSOR_SHAPE} for other types and for more than 2^31 - 9
   *     elements
   */
  public static float[] toFloats(TensorView tensor) {
    long elements = tensor.elements();
    if (elements > Integer.MAX_VALUE - 8) {
      throw new EngineException(
          ErrorCode.TENSOR_SHAPE,
          "tensor '%s' %s of %s has %,d elements, too many for one array"
              .formatted(tensor.name(), Arrays.toString(tensor.shape()), tensor.file(), elements));
    }
    int n = (int) elements;
    MemorySegment data = tensor.data();
    float[] values = new float[n];
    switch (tensor.dtype()) {
      case F32 -> MemorySegment.copy(data, FLOAT, 0, values, 0, n);
      case BF16 -> {
        for (int i = 0; i < n; i++) {
          values[i] = bf16(data.get(SHORT, 2L * i));
        }
      }
      case F16 -> {
        for (int i = 0; i < n; i++) {
          values[i] = f16(data.get(SHORT, 2L * i));
        }
      }
      case F8_E4M3 -> {
        for (int i = 0; i < n; i++) {
          values[i] = e4m3(data.get(ValueLayout.JAVA_BYTE, i));
        }
      }
      case I32, I64, F64 ->
          throw new EngineException(
              ErrorCode.TENSOR_SHAPE,
              "tensor '%s' of %s has type %s; weights must be F32, BF16, F16 or F8_E4M3"
                  .formatted(tensor.name(), tensor.file(), tensor.dtype()));
    }
    return values;
  }
}
