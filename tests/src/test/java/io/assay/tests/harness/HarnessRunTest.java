package io.assay.tests.harness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.assay.tests.plan.SmallRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * {@code assay run} on the harness's tasks: every response, every aggregate and every standard
 * error in the tables is the harness's. The first set is {@code tests/golden/lm-eval}; the second
 * one covers what that leaves out and was made by {@code make_expected.py} beside it.
 */
@ResourceLock(Resources.SYSTEM_OUT)
@ResourceLock(Resources.SYSTEM_ERR)
class HarnessRunTest {
  private static final Path ROOT = Path.of(System.getProperty("assay.root")).toAbsolutePath();
  private static final Path GOLDEN = ROOT.resolve("tests/golden");

  /** Sums of fp32 log-probabilities over up to several hundred tokens. */
  private static final double LOGPROB = 3e-4;

  /** Half a unit in the last place of a float32. */
  private static final double FLOAT = 0x1p-24;

  /** The harness adds in another order. */
  private static final double SAME = 1e-12;

  /** Metrics whose value moves with every log-probability, not only with its rank. */
  private static final Set<String> SMOOTH =
      Set.of("perplexity", "word_perplexity", "byte_perplexity", "bits_per_byte", "brier_score");

  @TempDir private Path folder;

  static Stream<HarnessResults> runs() {
    Path wide = ROOT.resolve("tests/src/test/resources/io/assay/tests/harness");
    return Stream.of(
        results(GOLDEN.resolve("lm-eval"), "default"),
        results(GOLDEN.resolve("lm-eval"), "bos"),
        results(GOLDEN.resolve("lm-eval"), "short"),
        results(wide, "default"));
  }

  private static HarnessResults results(Path set, String run) {
    return new HarnessResults(set.resolve("tasks"), set.resolve("expected").resolve(run));
  }

  @ParameterizedTest
  @MethodSource("runs")
  void tablesAreTheHarnesss(HarnessResults harness) throws IOException, SQLException {
    JsonNode settings = harness.settings();
    Path run = folder.resolve("run.yaml");
    Files.writeString(
        run,
        """
        run: {id: parity, results: %s/results}
        model: {path: %s, max_length: %d, add_bos: %b}
        tasks: {paths: [%s], names: %s, fewshot: harness}
        statistics: {experts: false, mtp: false}
        spark: {master: "local[2]"}
        failures: {max_fraction: 0}
        """
            .formatted(
                folder,
                GOLDEN.resolve("v3-basic/checkpoint"),
                settings.get("max_length").intValue(),
                settings.get("add_bos_token").booleanValue(),
                harness.tasks(),
                harness.aggregates().keySet()));

    SmallRun.Result done = SmallRun.assay("run", run.toString(), "--threads", "2");

    assertThat(done.exit()).as(done.err()).isZero();
    for (Map.Entry<String, JsonNode> task : harness.aggregates().entrySet()) {
      responses(task.getKey(), harness.responses(task.getKey()));
      aggregates(task.getKey(), task.getValue());
    }
  }

  private void responses(String task, List<JsonNode> expected) throws SQLException {
    Map<String, List<Row>> byDocument = new LinkedHashMap<>();
    query(
        "SELECT doc_id, sum_logprob, is_greedy, text, kind FROM %s WHERE task = '" + task + "'",
        "samples",
        row ->
            byDocument
                .computeIfAbsent(row.getString(1), id -> new ArrayList<>())
                .add(
                    new Row(
                        row.getDouble(2), row.getBoolean(3), row.getString(4), row.getString(5))));
    assertThat(byDocument).as(task).hasSize(expected.size());
    int document = 0;
    for (List<Row> rows : byDocument.values()) {
      JsonNode responses = expected.get(document);
      String place = task + ", document " + document++;
      switch (rows.getFirst().kind()) {
        case "rolling" -> {
          double sum = rows.stream().mapToDouble(Row::logprob).sum();
          double expectedSum = responses.get(0).get(0).doubleValue();
          // The harness adds the tokens of a window in float32.
          assertThat(sum)
              .as(place)
              .isCloseTo(expectedSum, within(LOGPROB + FLOAT * Math.abs(expectedSum)));
        }
        case "generate" ->
            assertThat(rows)
                .as(place)
                .extracting(Row::text)
                .containsExactly(responses.get(0).get(0).asText());
        default -> {
          assertThat(rows).as(place).hasSize(responses.size());
          for (int choice = 0; choice < rows.size(); choice++) {
            JsonNode response = responses.get(choice).get(0);
            assertThat(rows.get(choice).logprob())
                .as(place)
                .isCloseTo(response.get(0).doubleValue(), within(LOGPROB));
            assertThat(rows.get(choice).greedy())
                .as(place)
                .isEqualTo(response.get(1).booleanValue());
          }
        }
      }
    }
  }

  /**
   * @param logprob 0 for generations
   */
  private record Row(double logprob, boolean greedy, String text, String kind) {}

  private void aggregates(String task, JsonNode expected) throws SQLException {
    int[] compared = {0};
    query(
        "SELECT metric, filter, value, stderr, n FROM %s WHERE task = '" + task + "'",
        "metrics",
        row -> {
          String metric = row.getString(1);
          String filter = row.getString(2);
          String name = task + " " + metric + "," + filter;
          double value = expected.get(metric + "," + filter).doubleValue();
          double relative = SMOOTH.contains(metric) ? 2 * LOGPROB : SAME;
          assertThat(row.getDouble(3))
              .as(name)
              .isCloseTo(value, within(relative * Math.abs(value)));
          assertThat(row.getLong(5)).as(name).isEqualTo(expected.get("sample_len").longValue());
          JsonNode stderr = expected.get(metric + "_stderr," + filter);
          if (stderr.isNumber()) {
            assertThat(row.getDouble(4))
                .as(name)
                .isCloseTo(
                    stderr.doubleValue(), within(relative * 10 * Math.abs(stderr.doubleValue())));
          } else {
            assertThat(row.getDouble(4)).as(name).isPositive();
          }
          compared[0]++;
        });
    long keys =
        expected.properties().stream()
            .filter(e -> e.getKey().contains(",") && !e.getKey().contains("_stderr,"))
            .count();
    assertThat(compared[0]).as(task).isEqualTo((int) keys).isPositive();
  }

  /** Takes a row of a result. */
  private interface Reader {
    void read(ResultSet row) throws SQLException;
  }

  private void query(String query, String table, Reader reader) throws SQLException {
    String files = "read_parquet('%s/results/%s/run_id=parity/*.parquet')".formatted(folder, table);
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
        ResultSet rows = connection.createStatement().executeQuery(query.formatted(files))) {
      while (rows.next()) {
        reader.read(rows);
      }
    }
  }
}
