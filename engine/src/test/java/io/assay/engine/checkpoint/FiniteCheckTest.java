package io.assay.engine.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.assay.engine.EngineException;
import io.assay.engine.ErrorCode;
import java.lang.foreign.MemorySegment;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FiniteCheckTest {
  private static TensorView tensor(DType dtype, byte[] data, long... shape) {
    return new TensorView("w", dtype, shape, MemorySegment.ofArray(data), "file");
  }

  private static void put(byte[] data, int at, int width, long bits) {
    for (int i = 0; i < width; i++) {
      data[at * width + i] = (byte) (bits >> (8 * i));
    }
  }

  private static boolean finite(DType dtype, long bits) {
    return switch (dtype) {
      case F32 -> Float.isFinite(Float.intBitsToFloat((int) bits));
      case BF16 -> Float.isFinite(FloatFormats.bf16((short) bits));
      case F16 -> Float.isFinite(FloatFormats.f16((short) bits));
      case F8_E4M3 -> Float.isFinite(FloatFormats.e4m3((byte) bits));
      case F64 -> Double.isFinite(Double.longBitsToDouble(bits));
      case I32, I64 -> true;
    };
  }

  /** One after the other, so that each value stands in every lane beside finite neighbours. */
  @ParameterizedTest
  @EnumSource(names = {"BF16", "F16", "F8_E4M3"})
  void everyValueOfTheSmallFormats(DType dtype) {
    int values = 1 << (8 * dtype.bytes());
    for (int position = 0; position < 8; position++) {
      byte[] data = new byte[11 * dtype.bytes()];
      for (int bits = 0; bits < values; bits++) {
        put(data, position, dtype.bytes(), bits);
        assertThat(FiniteCheck.firstNotFinite(tensor(dtype, data, 11)))
            .as("bits %x", bits)
            .isEqualTo(finite(dtype, bits) ? -1 : position);
      }
    }
  }

  @Property
  void findsTheFirstOfAnyValues(
      @ForAll long[] values,
      @ForAll DType dtype,
      @ForAll @IntRange(min = 0, max = 5000) int zerosBefore) {
    int n = zerosBefore + values.length;
    byte[] data = new byte[n * dtype.bytes()];
    long expected = -1;
    for (int i = 0; i < values.length; i++) {
      put(data, zerosBefore + i, dtype.bytes(), values[i]);
      if (expected < 0 && !finite(dtype, values[i])) {
        expected = (long) zerosBefore + i;
      }
    }
    assertThat(FiniteCheck.firstNotFinite(tensor(dtype, data, n))).isEqualTo(expected);
  }

  @Property
  void findsOneAmongMany(
      @ForAll @IntRange(min = 0, max = 39_999) int at, @ForAll boolean infinite) {
    byte[] data = new byte[40_000 * 4];
    put(data, at, 4, Float.floatToRawIntBits(infinite ? Float.NEGATIVE_INFINITY : Float.NaN));
    assertThat(FiniteCheck.firstNotFinite(tensor(DType.F32, data, 40_000))).isEqualTo(at);
  }

  @Test
  void theErrorNamesTensorFileAndIndex() {
    byte[] data = new byte[2 * 3 * 5];
    data[1 * 15 + 2 * 5 + 4] = 0x7F;
    assertThatThrownBy(() -> FiniteCheck.require(tensor(DType.F8_E4M3, data, 2, 3, 5)))
        .isInstanceOfSatisfying(
            EngineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.TENSOR_NOT_FINITE))
        .hasMessageContaining("'w'")
        .hasMessageContaining("file")
        .hasMessageContaining("[1, 2, 4]");
    data[1 * 15 + 2 * 5 + 4] = 0x7E;
    assertThatCode(() -> FiniteCheck.require(tensor(DType.F8_E4M3, data, 2, 3, 5)))
        .doesNotThrowAnyException();
  }
}
