package io.assay.tests.harness;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What the harness wrote about one run.
 *
 * @param tasks folder of task files
 * @param expected folder of {@code results.json} and {@code samples_*.jsonl}
 */
record HarnessResults(Path tasks, Path expected) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Settings of the run: {@code add_bos_token}, {@code max_length}. */
  JsonNode settings() throws IOException {
    return results().get("run");
  }

  /** Aggregates by task. */
  Map<String, JsonNode> aggregates() throws IOException {
    Map<String, JsonNode> aggregates = new TreeMap<>();
    results().get("results").properties().forEach(e -> aggregates.put(e.getKey(), e.getValue()));
    return aggregates;
  }

  /** Responses to each document, in the order of the documents: {@code resps} of the samples. */
  List<JsonNode> responses(String task) throws IOException {
    Map<Integer, JsonNode> byDocument = new TreeMap<>();
    String text = Files.readString(expected.resolve("samples_" + task + ".jsonl"));
    for (String line : text.split("\n", -1)) {
      if (!line.isEmpty()) {
        JsonNode sample = JSON.readTree(line);
        // A sample stands there once for each filter.
        byDocument.put(sample.get("doc_id").intValue(), sample.get("resps"));
      }
    }
    return new ArrayList<>(byDocument.values());
  }

  private JsonNode results() throws IOException {
    return JSON.readTree(expected.resolve("results.json").toFile());
  }

  @Override
  public String toString() {
    return tasks.getParent().getFileName() + ", " + expected.getFileName();
  }
}
