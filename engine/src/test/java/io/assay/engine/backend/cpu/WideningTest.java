package io.assay.engine.backend.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import io.assay.engine.checkpoint.DType;
import io.assay.engine.checkpoint.FloatFormats;
import java.lang.foreign.MemorySegment;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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
    return Stream.of(
        Widening::widen,
        (data, type, from, n, scale, to, at) -> {
          // As a matrix of one column whose rows are the elements, or of one row.
          long bytes = type.bytes() * (from + n);
          boolean quantised = type == DType.F8_E4M3;
          int columns = quantised ? (int) from + n : 1;
          new CpuMatrix(
                  data.asSlice(0, bytes),
                  type,
                  quantised ? 1 : (int) from + n,
                  columns,
                  quantised ? new float[] {scale} : null,
                  1,
                  columns)
              .widen(quantised ? 0 : (int) from, quantised ? 1 : n, to, at);
        });
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

  @ParameterizedTest
  @CsvSource({"5, 37, 2, 16", "5, 37, 2, 10", "9, 64, 4, 32", "3, 16, 128, 128", "4, 33, 3, 33"})
  void blocksThatDoNotDivideTheMatrixGetTheirOwnScale(
      int rows, int columns, int blockRows, int blockColumns) {
    byte[] stored = new byte[rows * columns];
    java.util.Arrays.fill(stored, (byte) 0x38);
    int across = (columns + blockColumns - 1) / blockColumns;
    float[] scales = new float[(rows + blockRows - 1) / blockRows * across];
    for (int i = 0; i < scales.length; i++) {
      scales[i] = i + 1;
    }
    CpuMatrix matrix =
        new CpuMatrix(
            MemorySegment.ofArray(stored),
            DType.F8_E4M3,
            rows,
            columns,
            scales,
            blockRows,
            blockColumns);
    for (int from = 0; from < rows; from++) {
      int n = rows - from;
      float[] to = new float[n * columns + 2];
      matrix.widen(from, n, to, 1);
      for (int r = 0; r < n; r++) {
        for (int c = 0; c < columns; c++) {
          float scale = scales[(from + r) / blockRows * across + c / blockColumns];
          assertThat(to[1 + r * columns + c]).as("%d, %d", r, c).isEqualTo(scale);
        }
      }
      assertThat(to[0]).isZero();
      assertThat(to[1 + n * columns]).isZero();
    }
  }
}
