package io.assay.eval;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Golden files and recorded facts. */
public final class TestFiles {
  private static final ObjectMapper JSON = new ObjectMapper();

  private TestFiles() {}

  /** A path below {@code tests/golden}. */
  public static Path golden(String path) {
    Path file = Path.of(System.getProperty("assay.root"), "tests", "golden").resolve(path);
    if (!Files.exists(file)) {
      throw new IllegalStateException("golden data missing: " + file);
    }
    return file;
  }

  /** A golden JSON file. */
  public static JsonNode json(String path) {
    try {
      return JSON.readTree(golden(path).toFile());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Lines of a golden JSONL file. */
  public static List<JsonNode> lines(String path) {
    try {
      return parse(Files.readString(golden(path)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Lines of a JSONL file beside a test class. */
  public static List<JsonNode> resource(Class<?> test, String name) {
    try (InputStream in = test.getResourceAsStream(name)) {
      return parse(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** An array of texts. */
  public static List<String> texts(JsonNode array) {
    List<String> texts = new ArrayList<>();
    array.forEach(text -> texts.add(text.asText()));
    return texts;
  }

  /** An array of whole numbers. */
  public static int[] ints(JsonNode array) {
    int[] values = new int[array.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = array.get(i).intValue();
    }
    return values;
  }

  private static List<JsonNode> parse(String text) throws IOException {
    List<JsonNode> rows = new ArrayList<>();
    // Not String.lines(): U+2028 and the like inside a JSON text end no line.
    for (String line : text.split("\n", -1)) {
      if (!line.isEmpty()) {
        rows.add(JSON.readTree(line));
      }
    }
    return rows;
  }
}
