package io.assay.engine.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.assay.engine.EngineException;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** All values of every format, against PyTorch's table and the definitions in double arithmetic. */
class FloatFormatsTest {
  @TempDir Path folder;

  /** sign, exponent and mantissa of an IEEE-like format with infinities. */
  private static double ieee(int bits, int exponentBits, int mantissaBits) {
    int bias = (1 << (exponentBits - 1)) - 1;
    int exponent = (bits >> mantissaBits) & ((1 << exponentBits) - 1);
    double mantissa = (bits & ((1 << mantissaBits) - 1)) / Math.pow(2, mantissaBits);
    double sign = (bits >> (exponentBits + mantissaBits)) % 2 == 0 ? 1 : -1;
    if (exponent == (1 << exponentBits) - 1) {
      return mantissa == 0 ? sign * Double.POSITIVE_INFINITY : Double.NaN;
    }
    return exponent == 0
        ? sign * mantissa * Math.pow(2, 1 - bias)
        : sign * (1 + mantissa) * Math.pow(2, exponent - bias);
  }

  private static void assertSame(int bits, float actual, double expected) {
    if (Double.isNaN(expected)) {
      assertThat(actual).as("bits %x", bits).isNaN();
    } else {
      // The bits, so that -0.0 is not 0.0.
      assertThat(Float.floatToRawIntBits(actual))
          .as("bits %x", bits)
          .isEqualTo(Float.floatToRawIntBits((float) expected));
    }
  }

  @Test
  void everyBfloat16() {
    for (int bits = 0; bits < 1 << 16; bits++) {
      assertSame(bits, FloatFormats.bf16((short) bits), ieee(bits, 8, 7));
    }
  }

  @Test
  void everyHalf() {
    for (int bits = 0; bits < 1 << 16; bits++) {
      assertSame(bits, FloatFormats.f16((short) bits), ieee(bits, 5, 10));
    }
  }

  @Test
  void everyE4m3AsPytorchHasIt() throws IOException {
    try (InputStream in = getClass().getResourceAsStream("/checkpoint/e4m3_table.safetensors")) {
      Files.copy(in, folder.resolve("model.safetensors"));
    }
    try (Checkpoint checkpoint = Checkpoint.open(folder)) {
      float[] table = FloatFormats.toFloats(checkpoint.tensor("e4m3_table"));
      for (int bits = 0; bits < 256; bits++) {
        assertSame(bits, FloatFormats.e4m3((byte) bits), table[bits]);
        assertSame(bits, FloatFormats.e4m3Table()[bits], table[bits]);
      }
    }
    assertThat(FloatFormats.e4m3((byte) 0x7E)).isEqualTo(448);
    assertThat(FloatFormats.e4m3((byte) 0x01)).isEqualTo(0x1p-9f);
  }

  @Test
  void tensorsOfEveryType() {
    assertThat(floats(DType.BF16, 0x80, 0x3F, 0x00, 0xC0)).containsExactly(1, -2);
    assertThat(floats(DType.F16, 0x00, 0x3C, 0xFF, 0x7B)).containsExactly(1, 65504);
    assertThat(floats(DType.F8_E4M3, 0x38, 0xB8)).containsExactly(1, -1);
    assertThat(floats(DType.F32, 0, 0, 0x80, 0x3F)).containsExactly(1);
    assertThatThrownBy(() -> floats(DType.I32, 0, 0, 0, 0))
        .isInstanceOf(EngineException.class)
        .hasMessageContaining("I32");
  }

  private static float[] floats(DType dtype, int... bytes) {
    byte[] data = new byte[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      data[i] = (byte) bytes[i];
    }
    return FloatFormats.toFloats(
        new TensorView(
            "w",
            dtype,
            new long[] {data.length / dtype.bytes()},
            MemorySegment.ofArray(data),
            "memory"));
  }
}
