package io.assay.engine.backend.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import io.assay.engine.checkpoint.DType;
import io.assay.engine.checkpoint.FloatFormats;
import java.lang.foreign.MemorySegment;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every stored value of every format, in vector loops and in their remainders, by machine code
 * (where there is any) and without.
 */
class WideningTest {
  /** {@link Widening#widen}, or its twin. */
  interface Way {
    void widen(MemorySegment data, DType type, long from, int n, float scale, float[] to, int at);
  }

  static Stream<Way> ways() {
    return Stream.of(Widening::widen, Widening::byVectors);
  }

  @ParameterizedTest
  @MethodSource("ways")
  void everyBfloat16AndHalfValueIsExact(Way way) {
    byte[] stored = new byte[2 * 65536 + 2];
    for (int v = 0; v < 65537; v++) {
      stored[2 * v] = (byte) v;
      stored[2 * v + 1] = (byte) (v >> 8);
    }
    MemorySegment data = MemorySegment.ofArray(stored);
    float[] to = new float[65537 + 3];
    way.widen(data, DType.BF16, 0, 65537, 1f, to, 3);
    for (int v = 0; v < 65537; v++) {
      assertThat(Float.floatToRawIntBits(to[3 + v])).isEqualTo((v & 0xFFFF) << 16);
    }
    way.widen(data, DType.F16, 1, 65535, 1f, to, 0);
    for (int v = 1; v < 65536; v++) {
      assertThat(Float.floatToIntBits(to[v - 1]))
          .isEqualTo(Float.floatToIntBits(FloatFormats.f16((short) v)));
    }
  }

  @ParameterizedTest
  @MethodSource("ways")
  void everyFloat8ValueIsExactAndScaledOnce(Way way) {
    byte[] stored = new byte[256 + 7];
    for (int v = 0; v < stored.length; v++) {
      stored[v] = (byte) v;
    }
    float scale = 0.0123f;
    float[] to = new float[stored.length];
    way.widen(MemorySegment.ofArray(stored), DType.F8_E4M3, 0, stored.length, scale, to, 0);
    for (int v = 0; v < stored.length; v++) {
      if ((v & 0x7F) != 0x7F) {
        assertThat(to[v]).as("byte %d", v).isEqualTo(FloatFormats.e4m3((byte) v) * scale);
      }
    }
  }

  @Test
  void blocksThatDoNotDivideTheMatrixGetTheirOwnScale() {
    int rows = 5;
    int columns = 37;
    byte[] stored = new byte[rows * columns];
    java.util.Arrays.fill(stored, (byte) 0x38);
    float[] scales = {1, 2, 3, 4, 5, 6, 7, 8, 9};
    CpuMatrix matrix =
        new CpuMatrix(MemorySegment.ofArray(stored), DType.F8_E4M3, rows, columns, scales, 2, 16);
    float[] to = new float[rows * columns];
    matrix.widen(0, rows, to, 0);
    for (int r = 0; r < rows; r++) {
      for (int c = 0; c < columns; c++) {
        assertThat(to[r * columns + c]).isEqualTo(scales[r / 2 * 3 + c / 16]);
      }
    }
  }
}
