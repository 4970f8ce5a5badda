package io.assay.engine.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.assay.engine.EngineException;
import io.assay.engine.ErrorCode;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CheckpointTest {
  private static final String INDEX = "model.safetensors.index.json";

  @TempDir Path folder;

  private AbstractThrowableAssert<?, ?> assertRefused(ErrorCode code) {
    return assertThatThrownBy(() -> Checkpoint.open(folder).close())
        .isInstanceOfSatisfying(EngineException.class, e -> assertThat(e.code()).isEqualTo(code));
  }

  private void index(String map) throws IOException {
    Files.writeString(
        folder.resolve(INDEX),
        "{\"metadata\":{\"total_size\":1},\"weight_map\":" + map.replace('\'', '"') + "}");
  }

  private void twoShards() throws IOException {
    new SafetensorsBuilder().floats("a", 1, 2).write(folder.resolve("one.safetensors"));
    new SafetensorsBuilder().floats("b", 3).write(folder.resolve("two.safetensors"));
  }

  @Test
  void readsWhatWasWritten() throws IOException {
    new SafetensorsBuilder()
        .tensor("odd", "U8", "[3]", new byte[3])
        .floats("unaligned", 1.5f, -2)
        .tensor("scalar", "F32", "[]", new byte[4])
        .tensor("empty", "BF16", "[0,7]", new byte[0])
        .write(folder.resolve("model.safetensors"));
    try (Checkpoint checkpoint = Checkpoint.open(folder)) {
      assertThat(checkpoint.names()).containsExactly("empty", "odd", "scalar", "unaligned");
      assertThat(checkpoint.bytes()).isEqualTo(3 + 8 + 4);
      TensorView tensor = checkpoint.tensor("unaligned");
      assertThat(tensor.dtype()).isEqualTo(DType.F32);
      assertThat(FloatFormats.toFloats(tensor)).containsExactly(1.5f, -2);
      assertThat(checkpoint.tensor("scalar").elements()).isEqualTo(1);
      assertThat(checkpoint.tensor("empty").elements()).isZero();
      assertThat(checkpoint.contains("nothing")).isFalse();
    }
  }

  @Test
  void tensorsAreGoneAfterClose() throws IOException {
    new SafetensorsBuilder().floats("a", 1).write(folder.resolve("model.safetensors"));
    Checkpoint checkpoint = Checkpoint.open(folder);
    TensorView tensor = checkpoint.tensor("a");
    checkpoint.close();
    assertThatThrownBy(() -> tensor.data().get(ValueLayout.JAVA_BYTE, 0))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void typesTheEngineDoesNotUseAreRefusedOnlyWhenAskedFor() throws IOException {
    new SafetensorsBuilder()
        .tensor("known", "U8", "[2]", new byte[2])
        .tensor("future", "F2_X", "[9]", new byte[5])
        .write(folder.resolve("model.safetensors"));
    try (Checkpoint checkpoint = Checkpoint.open(folder)) {
      assertThat(checkpoint.info("future").dtype()).isEqualTo("F2_X");
      for (String name : checkpoint.names()) {
        assertThatThrownBy(() -> checkpoint.tensor(name))
            .isInstanceOfSatisfying(
                EngineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.TENSOR_SHAPE))
            .hasMessageContaining("'" + name + "'")
            .hasMessageContaining("BF16");
      }
    }
  }

  @Test
  void aMissingTensorIsNamed() throws IOException {
    new SafetensorsBuilder().floats("a", 1).write(folder.resolve("model.safetensors"));
    try (Checkpoint checkpoint = Checkpoint.open(folder)) {
      assertThatThrownBy(() -> checkpoint.tensor("b"))
          .isInstanceOfSatisfying(
              EngineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.TENSOR_MISSING))
          .hasMessageContaining("'b'");
    }
  }

  @Test
  void folderWithoutWeightsAndNoFolderAtAll() {
    assertRefused(ErrorCode.MODEL_NOT_FOUND)
        .hasMessageContaining("model.safetensors")
        .hasMessageContaining(INDEX);
    assertThatThrownBy(() -> Checkpoint.open(folder.resolve("nowhere")))
        .isInstanceOf(EngineException.class)
        .hasMessageContaining("nowhere");
  }

  @Test
  void aDirectoryInPlaceOfTheFile() throws IOException {
    Files.createDirectory(folder.resolve("model.safetensors"));
    assertRefused(ErrorCode.MODEL_NOT_FOUND).hasMessageContaining("not a regular file");
  }

  @Test
  void shardsGiveTheSameTensorsAndFingerprintAsOneFile() throws IOException {
    twoShards();
    index("{'a':'one.safetensors','b':'two.safetensors'}");
    String sharded;
    try (Checkpoint checkpoint = Checkpoint.open(folder)) {
      assertThat(checkpoint.names()).containsExactly("a", "b");
      assertThat(FloatFormats.toFloats(checkpoint.tensor("b"))).containsExactly(3);
      sharded = checkpoint.fingerprint();
    }
    new SafetensorsBuilder()
        .floats("b", 3)
        .floats("a", 1, 2)
        .write(folder.resolve("model.safetensors"));
    try (Checkpoint checkpoint = Checkpoint.open(folder)) {
      assertThat(checkpoint.fingerprint()).isEqualTo(sharded).matches("[0-9a-f]{64}");
    }
  }

  @Test
  void fingerprintSeesNameTypeShapeAndEveryBit() throws IOException {
    byte[] zeros = new byte[8];
    byte[] bit = new byte[8];
    bit[7] = 1;
    assertThat(
            java.util.List.of(
                fingerprint("a", "F32", "[2]", zeros),
                fingerprint("b", "F32", "[2]", zeros),
                fingerprint("a", "I32", "[2]", zeros),
                fingerprint("a", "F32", "[1,2]", zeros),
                fingerprint("a", "F32", "[2]", bit)))
        .doesNotHaveDuplicates();
    assertThat(fingerprint("a", "F32", "[2]", zeros))
        .isEqualTo(fingerprint("a", "F32", "[2]", zeros));
  }

  private String fingerprint(String name, String dtype, String shape, byte[] data)
      throws IOException {
    new SafetensorsBuilder()
        .tensor(name, dtype, shape, data)
        .write(folder.resolve("model.safetensors"));
    try (Checkpoint checkpoint = Checkpoint.open(folder)) {
      return checkpoint.fingerprint();
    }
  }

  @Test
  void missingShard() throws IOException {
    twoShards();
    index("{'a':'one.safetensors','b':'three.safetensors'}");
    assertRefused(ErrorCode.CHECKPOINT_CORRUPT)
        .hasMessageContaining("three.safetensors")
        .hasMessageContaining("missing");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "../one.safetensors",
        "/etc/passwd",
        "/etc/x.safetensors",
        "sub/one.safetensors",
        "..\\\\one.safetensors",
        "C:one.safetensors",
        ".safetensors",
        "one.bin",
        "..",
        "one\\u0000.safetensors",
        ""
      })
  void shardNamesThatLeaveTheFolder(String name) throws IOException {
    twoShards();
    index("{'a':'" + name + "'}");
    assertRefused(ErrorCode.CHECKPOINT_CORRUPT).hasMessageContaining("names the shard");
  }

  @Test
  void tensorNotInItsShard() throws IOException {
    twoShards();
    index("{'a':'one.safetensors','b':'one.safetensors'}");
    assertRefused(ErrorCode.CHECKPOINT_CORRUPT).hasMessageContaining("'b'");
    index("{'a':'one.safetensors','b':'two.safetensors','c':'two.safetensors'}");
    assertRefused(ErrorCode.CHECKPOINT_CORRUPT).hasMessageContaining("'c'");
  }

  @Test
  void tensorInTwoShardsOrUnlisted() throws IOException {
    twoShards();
    new SafetensorsBuilder().floats("b", 3).floats("a", 1).write(folder.resolve("two.safetensors"));
    index("{'a':'one.safetensors','b':'two.safetensors'}");
    assertRefused(ErrorCode.CHECKPOINT_CORRUPT).hasMessageContaining("'a' is both in");
    new SafetensorsBuilder().floats("b", 3).floats("x", 1).write(folder.resolve("two.safetensors"));
    assertRefused(ErrorCode.CHECKPOINT_CORRUPT).hasMessageContaining("'x'");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "{}",
        "{'weight_map':[]}",
        "{'weight_map':{}}",
        "{'weight_map':{'a':1}}",
        "{'weight_map':{'a':'x.safetensors','a':'y.safetensors'}}",
        "{'weight_map':{'a':",
        "nul"
      })
  void indexThatIsNone(String json) throws IOException {
    Files.writeString(folder.resolve(INDEX), json.replace('\'', '"'));
    assertRefused(ErrorCode.CHECKPOINT_CORRUPT).hasMessageContaining(INDEX);
  }

  @Test
  void dataBeyondTwoGigabytesIsReachedWithoutReadingIt() throws IOException {
    long big = 3L << 30;
    String header =
        ("{\"big\":{\"dtype\":\"U8\",\"shape\":[%d],\"data_offsets\":[0,%d]},"
                + "\"last\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[%d,%d]}}")
            .formatted(big, big, big, big + 4);
    byte[] bytes = header.getBytes(StandardCharsets.UTF_8);
    // Sparse: nothing but the ends is ever written to disk.
    try (RandomAccessFile out =
        new RandomAccessFile(folder.resolve("model.safetensors").toFile(), "rw")) {
      out.writeLong(Long.reverseBytes(bytes.length));
      out.write(bytes);
      out.seek(Long.BYTES + bytes.length + big);
      out.writeInt(Integer.reverseBytes(Float.floatToIntBits(42)));
    }
    try (Checkpoint checkpoint = Checkpoint.open(folder)) {
      assertThat(checkpoint.bytes()).isEqualTo(big + 4);
      assertThat(FloatFormats.toFloats(checkpoint.tensor("last"))).containsExactly(42);
    }
  }
}
