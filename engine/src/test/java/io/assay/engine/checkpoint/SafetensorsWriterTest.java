package io.assay.engine.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SafetensorsWriterTest {
  private static final float[] VALUES = {
    -0f, Float.MIN_VALUE, Float.intBitsToFloat(0x7FC12345), 1f / 3, Float.MAX_VALUE
  };

  @TempDir Path folder;

  private static byte[] written(Map<String, String> metadata, SafetensorsWriter.Tensor... tensors)
      throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    SafetensorsWriter.write(Channels.newChannel(bytes), metadata, List.of(tensors));
    return bytes.toByteArray();
  }

  private static SafetensorsWriter.Tensor bytes(String name, DType dtype, long[] shape, int size) {
    return new SafetensorsWriter.Tensor(
        name, dtype, shape, out -> out.write(ByteBuffer.wrap(new byte[size])));
  }

  @Test
  void everyBitComesBack() throws IOException {
    Path file = folder.resolve("a.safetensors");
    Files.write(
        file,
        written(
            Map.of("made \"by\"", "a test\n"),
            SafetensorsWriter.Tensor.ofFloats("b \\ \"quoted\" \u00e9", VALUES),
            bytes("a", DType.BF16, new long[] {2, 3}, 12)));
    try (Checkpoint read = Checkpoint.openFile(file)) {
      TensorView tensor = read.tensor("b \\ \"quoted\" \u00e9");
      assertThat(tensor.dtype()).isEqualTo(DType.F32);
      assertThat(tensor.shape()).containsExactly(VALUES.length);
      ByteBuffer data = tensor.data().asByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
      for (float value : VALUES) {
        assertThat(data.getInt()).isEqualTo(Float.floatToRawIntBits(value));
      }
      assertThat(read.info("a").shape()).containsExactly(2, 3);
      assertThat(read.metadata()).containsExactly(Map.entry("made \"by\"", "a test\n"));
    }
  }

  /** As the format's own library does it, so that others can map the data where it lies. */
  @Test
  void dataBeginAtAMultipleOfEight() throws IOException {
    for (String name : List.of("a", "ab", "abc", "abcdefgh")) {
      byte[] file = written(Map.of(), SafetensorsWriter.Tensor.ofFloats(name, VALUES));
      assertThat((file.length - 4 * VALUES.length) % 8).isZero();
    }
  }

  @Test
  void dataOfAnotherSizeThanTheShapeAreRefused() {
    assertThatThrownBy(() -> written(Map.of(), bytes("a", DType.F32, new long[] {2}, 7)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("'a' have 7 bytes, its shape takes 8");
  }
}
