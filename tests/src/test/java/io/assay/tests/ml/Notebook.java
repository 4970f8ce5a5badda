package io.assay.tests.ml;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.assay.tests.launcher.Project;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.SparkSession;

/** A notebook's session, and the commands whose answers its transformers have to give. */
final class Notebook {
  static final Path MODEL = Project.root().resolve("datasets/quickstart/model");

  /** Far below the model's, so that few words are too many. */
  static final int MAX_LENGTH = 48;

  private static final ObjectMapper JSON = new ObjectMapper();

  private Notebook() {}

  static SparkSession session() {
    return SparkSession.builder()
        .master("local[2]")
        .config("spark.ui.enabled", "false")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.driver.host", "127.0.0.1")
        .getOrCreate();
  }

  /** What a command reads and writes. */
  @FunctionalInterface
  interface Command {
    void run(InputStream in, OutputStream out) throws IOException;
  }

  /** The answers of a command to lines. */
  static List<JsonNode> answers(List<Map<String, Object>> lines, Command command)
      throws IOException {
    ByteArrayOutputStream in = new ByteArrayOutputStream();
    for (Map<String, Object> line : lines) {
      in.write(JSON.writeValueAsBytes(line));
      in.write('\n');
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    command.run(new ByteArrayInputStream(in.toByteArray()), out);
    List<JsonNode> answers = new ArrayList<>();
    for (String line : out.toString(StandardCharsets.UTF_8).lines().toList()) {
      answers.add(JSON.readTree(line));
    }
    return answers;
  }

  /** A line, names and values in turns. */
  static Map<String, Object> line(Object... fields) {
    Map<String, Object> line = new LinkedHashMap<>();
    for (int i = 0; i < fields.length; i += 2) {
      line.put((String) fields[i], fields[i + 1]);
    }
    return line;
  }
}
