package io.assay.tests.golden;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.IntUnaryOperator;
import java.util.stream.Stream;

/** Copies of golden cases in which something is changed. */
public final class GoldenCopy {
  private static final ObjectMapper JSON = new ObjectMapper();

  private GoldenCopy() {}

  /** Copies a folder with all below it to a folder of the same name. */
  public static Path of(Path folder, Path parent) throws IOException {
    Path copy = parent.resolve(folder.getFileName());
    List<Path> paths;
    try (Stream<Path> walk = Files.walk(folder)) {
      paths = walk.toList();
    }
    for (Path path : paths) {
      Files.copy(path, copy.resolve(folder.relativize(path)));
    }
    return copy;
  }

  /** Replaces one 32-bit word of a tensor's data in a safetensors file. */
  public static void change(Path file, String tensor, int word, IntUnaryOperator change)
      throws IOException {
    change(file, tensor, word, word + 1, change);
  }

  /** Replaces all 32-bit words of a tensor's data. */
  public static void changeAll(Path file, String tensor, IntUnaryOperator change)
      throws IOException {
    change(file, tensor, 0, Integer.MAX_VALUE, change);
  }

  private static void change(Path file, String tensor, int from, int to, IntUnaryOperator change)
      throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
    int header = Math.toIntExact(bytes.getLong(0));
    JsonNode json = JSON.readTree(new String(bytes.array(), 8, header, StandardCharsets.UTF_8));
    JsonNode offsets = json.get(tensor).get("data_offsets");
    int start = 8 + header + offsets.get(0).asInt();
    int words = (offsets.get(1).asInt() - offsets.get(0).asInt()) / Integer.BYTES;
    for (int word = from; word < Math.min(to, words); word++) {
      int at = start + Integer.BYTES * word;
      bytes.putInt(at, change.applyAsInt(bytes.getInt(at)));
    }
    Files.write(file, bytes.array());
  }
}
