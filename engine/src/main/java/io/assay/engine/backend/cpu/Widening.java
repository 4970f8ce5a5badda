package io.assay.engine.backend.cpu;

import io.assay.engine.checkpoint.DType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Stored weights to fp32, exactly: every BF16, F16 and F8_E4M3 value is an fp32 value. Weights stay
 * in the file's format in memory; a panel at a time is widened into a scratch array that fits the
 * cache and is used for all rows of a batch.
 */
final class Widening {
  private static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final VectorSpecies<Float> F = FloatVector.SPECIES_512;
  private static final VectorSpecies<Integer> I = IntVector.SPECIES_512;
  private static final VectorSpecies<Short> H = ShortVector.SPECIES_256;
  private static final VectorSpecies<Byte> B = ByteVector.SPECIES_128;

  /** Whether 512-bit vectors are native; narrower machines take the scalar loops. */
  private static final boolean WIDE = FloatVector.SPECIES_PREFERRED.length() >= F.length();

  private Widening() {}

  /**
   * Widens n elements that start at element {@code from} of the segment.
   *
   * @param scale multiplied with every F8_E4M3 value and rounded to fp32, as in a dequantised
   *     checkpoint; other types ignore it
   */
  static void widen(
      MemorySegment data, DType type, long from, int n, float scale, float[] to, int at) {
    switch (type) {
      case F32 -> MemorySegment.copy(data, FLOAT, from * 4, to, at, n);
      case BF16 -> bf16(data, from * 2, n, to, at);
      case F16 -> f16(data, from * 2, n, to, at);
      case F8_E4M3 -> e4m3(data, from, n, scale, to, at);
      case I32, I64, F64 ->
          throw new IllegalArgumentException("a weight cannot be of type " + type);
    }
  }

  private static void bf16(MemorySegment data, long offset, int n, float[] to, int at) {
    int i = 0;
    if (WIDE) {
      for (; i + 16 <= n; i += 16) {
        ShortVector stored =
            ShortVector.fromMemorySegment(H, data, offset + 2L * i, ByteOrder.LITTLE_ENDIAN);
        IntVector bits = (IntVector) stored.convertShape(VectorOperators.ZERO_EXTEND_S2I, I, 0);
        bits.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats().intoArray(to, at + i);
      }
    }
    for (; i < n; i++) {
      to[at + i] = Float.intBitsToFloat(data.get(SHORT, offset + 2L * i) << 16);
    }
  }

  private static void f16(MemorySegment data, long offset, int n, float[] to, int at) {
    for (int i = 0; i < n; i++) {
      to[at + i] = Float.float16ToFloat(data.get(SHORT, offset + 2L * i));
    }
  }

  private static void e4m3(
      MemorySegment data, long offset, int n, float scale, float[] to, int at) {
    int i = 0;
    if (WIDE) {
      FloatVector scales = FloatVector.broadcast(F, scale);
      FloatVector step = FloatVector.broadcast(F, 0x1p-9f);
      for (; i + 16 <= n; i += 16) {
        ByteVector stored =
            ByteVector.fromMemorySegment(B, data, offset + i, ByteOrder.LITTLE_ENDIAN);
        IntVector bits = (IntVector) stored.convertShape(VectorOperators.ZERO_EXTEND_B2I, I, 0);
        IntVector magnitude = bits.and(0x7F);
        // Normal numbers: the exponent's bias goes from 7 to 127. Below 8 there is no exponent, and
        // the value is a multiple of 2^-9; it never passes through an fp32 subnormal, which would
        // be a hundred times slower.
        FloatVector normal =
            magnitude.lanewise(VectorOperators.LSHL, 20).add(120 << 23).reinterpretAsFloats();
        FloatVector tiny =
            ((FloatVector) magnitude.convertShape(VectorOperators.I2F, F, 0)).mul(step);
        VectorMask<Integer> small = magnitude.lt(8);
        FloatVector value = normal.blend(tiny, small.cast(F));
        IntVector sign = bits.and(0x80).lanewise(VectorOperators.LSHL, 24);
        value.reinterpretAsInts().or(sign).reinterpretAsFloats().mul(scales).intoArray(to, at + i);
      }
    }
    for (; i < n; i++) {
      to[at + i] = e4m3(data.get(ValueLayout.JAVA_BYTE, offset + i)) * scale;
    }
  }

  /** Value of an e4m3fn byte other than the two NaNs. */
  static float e4m3(byte stored) {
    int magnitude = stored & 0x7F;
    float value =
        magnitude < 8 ? magnitude * 0x1p-9f : Float.intBitsToFloat((magnitude << 20) + (120 << 23));
    return stored < 0 ? -value : value;
  }
}
