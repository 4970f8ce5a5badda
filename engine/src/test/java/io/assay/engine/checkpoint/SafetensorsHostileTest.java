package io.assay.engine.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.assay.engine.EngineException;
import io.assay.engine.ErrorCode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that lie about themselves: each is one clear error, without allocating. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class SafetensorsHostileTest {
  @TempDir Path folder;

  private Path file() {
    return folder.resolve("model.safetensors");
  }

  private void assertCorrupt(String... words) {
    assertThatThrownBy(() -> Checkpoint.open(folder).close())
        .isInstanceOfSatisfying(
            EngineException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.CHECKPOINT_CORRUPT))
        .message()
        .contains(file().toString())
        .satisfies(m -> assertThat(words).allSatisfy(word -> assertThat(m).contains(word)))
        .doesNotContain("\n");
  }

  private static String entry(String dtype, String shape, String offsets) {
    return "{\"w\":{\"dtype\":%s,\"shape\":%s,\"data_offsets\":%s}}"
        .formatted(dtype, shape, offsets);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 7})
  void shorterThanALength(int size) throws IOException {
    Files.write(file(), new byte[size]);
    assertCorrupt("fewer than the 8");
  }

  @ParameterizedTest
  @ValueSource(longs = {1L << 62, -1L, Long.MIN_VALUE, 1L << 40, 3})
  void headerLengthBeyondTheFile(long length) throws IOException {
    SafetensorsBuilder.writeRaw(file(), length, "{}".getBytes(StandardCharsets.UTF_8), new byte[0]);
    assertCorrupt(Long.toUnsignedString(length), "only 2 follow");
  }

  @Test
  void headerLargerThanTheFormatAllows() throws IOException {
    // A sparse file: 200 MB long, next to nothing on disk.
    try (var out = new java.io.RandomAccessFile(file().toFile(), "rw")) {
      out.setLength(200_000_000);
      out.writeLong(Long.reverseBytes(150_000_000L));
    }
    assertCorrupt("150,000,000", "exceeds");
  }

  @Test
  void headerThatIsNotUtf8() throws IOException {
    byte[] header = "{\"w?\":{}}".getBytes(StandardCharsets.UTF_8);
    header[3] = (byte) 0xFF;
    SafetensorsBuilder.write(file(), header, new byte[0]);
    assertCorrupt("not UTF-8");
  }

  @Test
  void headerInUtf16IsNotGuessed() throws IOException {
    SafetensorsBuilder.write(file(), "{}".getBytes(StandardCharsets.UTF_16LE), new byte[0]);
    assertCorrupt();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "null",
        " {}",
        "{",
        "{}}",
        "{} {}",
        "{\"w\":1}",
        "{\"w\":[]}",
        "{\"w\"}"
      })
  void headerThatIsNoObjectOfObjects(String header) throws IOException {
    SafetensorsBuilder.write(file(), header, new byte[0]);
    assertCorrupt();
  }

  @Test
  void deeplyNestedHeader() throws IOException {
    SafetensorsBuilder.write(file(), "{\"w\":{\"x\":" + "[".repeat(1_000_000), new byte[0]);
    assertCorrupt("nesting");
  }

  @Test
  void nameOfAMillionCharacters() throws IOException {
    SafetensorsBuilder.write(
        file(), "{\"" + "w".repeat(1_000_000) + "\":{\"dtype\":\"F32\"}}", new byte[0]);
    assertThatThrownBy(() -> Checkpoint.open(folder).close())
        .isInstanceOf(EngineException.class)
        .message()
        .hasSizeLessThan(1000);
  }

  @Test
  void duplicateTensor() throws IOException {
    String w = "\"w\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0,1]}";
    SafetensorsBuilder.write(file(), "{" + w + "," + w + "}", new byte[1]);
    assertCorrupt("uplicate", "w");
  }

  @Test
  void duplicateKeyInATensor() throws IOException {
    SafetensorsBuilder.write(
        file(),
        "{\"w\":{\"dtype\":\"U8\",\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,1]}}",
        new byte[1]);
    assertCorrupt("uplicate", "dtype");
  }

  @Test
  void metadataThatIsNotStrings() throws IOException {
    SafetensorsBuilder.write(file(), "{\"__metadata__\":{\"format\":{}}}", new byte[0]);
    assertCorrupt("__metadata__");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'w':{'shape':[1],'data_offsets':[0,1]}}|no dtype",
        "{'w':{'dtype':'U8','data_offsets':[0,1]}}|shape",
        "{'w':{'dtype':'U8','shape':[1]}}|data_offsets",
        "{'w':{'dtype':7,'shape':[1],'data_offsets':[0,1]}}|dtype",
        "{'w':{'dtype':'U8','shape':1,'data_offsets':[0,1]}}|shape",
        "{'w':{'dtype':'U8','shape':[-1],'data_offsets':[0,1]}}|-1",
        "{'w':{'dtype':'U8','shape':[1.0],'data_offsets':[0,1]}}|1.0",
        "{'w':{'dtype':'U8','shape':['1'],'data_offsets':[0,1]}}|shape",
        "{'w':{'dtype':'U8','shape':[[1]],'data_offsets':[0,1]}}|shape",
        "{'w':{'dtype':'U8','shape':[null],'data_offsets':[0,1]}}|null",
        "{'w':{'dtype':'U8','shape':[99999999999999999999],'data_offsets':[0,1]}}|9999",
        "{'w':{'dtype':'F32','shape':[4611686018427387904,4],'data_offsets':[0,0]}}|too large",
        "{'w':{'dtype':'F32','shape':[4294967296,4294967296],'data_offsets':[0,0]}}|too large",
        "{'w':{'dtype':'U8','shape':[1],'data_offsets':[0]}}|[begin, end]",
        "{'w':{'dtype':'U8','shape':[1],'data_offsets':[0,1,2]}}|[begin, end]",
        "{'w':{'dtype':'U8','shape':[1],'data_offsets':[1,0]}}|begin <= end",
        "{'w':{'dtype':'U8','shape':[1],'data_offsets':[-1,0]}}|-1",
        "{'w':{'dtype':'F32','shape':[1],'data_offsets':[0,1]}}|takes 4",
        "{'w':{'dtype':'BF16','shape':[2,3],'data_offsets':[0,6]}}|takes 12",
        "{'w':{'dtype':'F4','shape':[1],'data_offsets':[0,0]}}|F4",
      })
  void malformedTensor(String header, String found) throws IOException {
    SafetensorsBuilder.write(file(), header.replace('\'', '"'), new byte[1]);
    assertCorrupt("tensor 'w'", found);
  }

  @Test
  void offsetsOutsideTheFile() throws IOException {
    SafetensorsBuilder.write(file(), entry("\"F32\"", "[2]", "[0,8]"), new byte[7]);
    assertCorrupt("tensor 'w'", "truncated");
    SafetensorsBuilder.write(
        file(), entry("\"U8\"", "[9223372036854775807]", "[0,9223372036854775807]"), new byte[7]);
    assertCorrupt("tensor 'w'");
  }

  @Test
  void overlapHoleAndTrailingData() throws IOException {
    String two =
        "{\"a\":{\"dtype\":\"U8\",\"shape\":[4],\"data_offsets\":[0,4]},"
            + "\"b\":{\"dtype\":\"U8\",\"shape\":[4],\"data_offsets\":[%d,%d]}}";
    SafetensorsBuilder.write(file(), two.formatted(3, 7), new byte[7]);
    assertCorrupt("tensor 'b'", "overlap 'a'");
    SafetensorsBuilder.write(file(), two.formatted(0, 4), new byte[4]);
    assertCorrupt("overlap");
    SafetensorsBuilder.write(file(), two.formatted(5, 9), new byte[9]);
    assertCorrupt("tensor 'b'", "hole behind 'a'");
    SafetensorsBuilder.write(file(), two.formatted(4, 8), new byte[9]);
    assertCorrupt("9 bytes follow", "end at 8");
    SafetensorsBuilder.write(file(), two.formatted(4, 8), new byte[8]);
    Checkpoint.open(folder).close();
  }

  @Test
  void everyTruncationOfAGoodFileIsRefused() throws IOException {
    new SafetensorsBuilder().floats("a", 1, 2, 3).floats("b", 4).write(file());
    byte[] good = Files.readAllBytes(file());
    for (int length = 0; length < good.length; length++) {
      Files.write(file(), java.util.Arrays.copyOf(good, length));
      assertCorrupt();
    }
  }

  @Test
  void randomDamageNeverEscapesAsAnythingElse() throws IOException {
    new SafetensorsBuilder().floats("a", 1, 2, 3).floats("b", 4).write(file());
    byte[] good = Files.readAllBytes(file());
    Random random = new Random(1);
    int refused = 0;
    for (int i = 0; i < 5000; i++) {
      byte[] bad = good.clone();
      for (int n = random.nextInt(3); n >= 0; n--) {
        bad[random.nextInt(bad.length - 16)] = (byte) random.nextInt(256);
      }
      Files.write(file(), bad);
      try (Checkpoint checkpoint = Checkpoint.open(folder)) {
        for (String name : checkpoint.names()) {
          checkpoint.tensor(name);
        }
      } catch (EngineException e) {
        refused++;
      }
    }
    assertThat(refused).isGreaterThan(4000);
  }
}
