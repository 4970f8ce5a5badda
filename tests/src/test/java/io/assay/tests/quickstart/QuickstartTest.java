package io.assay.tests.quickstart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.assay.tests.launcher.Launch;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The first README command, and its tables against what PyTorch measured on the same model
 * (datasets/quickstart/expected.json).
 */
class QuickstartTest {
  private static final Path ROOT = Path.of(System.getProperty("assay.root"));
  private static final String RUN = "quickstart";
  private static final int EXPERTS = 16;

  @TempDir static Path folder;
  private static JsonNode expected;
  private static JsonNode plan;

  @BeforeAll
  static void runsTheQuickstart() throws IOException, InterruptedException {
    expected =
        new ObjectMapper().readTree(ROOT.resolve("datasets/quickstart/expected.json").toFile());
    plan = new ObjectMapper().readTree(assay("plan", "--json").out());
    assertThat(assay("run").all())
        .contains("Plan", "Metrics", "Perplexity by domain", "Throughput", "100 %");
  }

  /** A command on the quickstart's run file. */
  private static Launch assay(String command, String... options)
      throws IOException, InterruptedException {
    List<String> line = new ArrayList<>();
    line.add(ROOT.resolve("bin/assay").toString());
    line.addAll(List.of(command, "conf/quickstart.yaml", "--run-id", RUN));
    line.addAll(List.of("--set", "statistics.mtp_perplexity=true"));
    line.addAll(List.of(options));
    Launch launch = Launch.run(folder, System.getenv(), line);
    assertThat(launch.exit()).as(launch.all()).isZero();
    return launch;
  }

  @Test
  void taskScoresAreTheExpectedOnes() throws SQLException {
    int compared = 0;
    for (Map.Entry<String, JsonNode> task : expected.get("tasks").properties()) {
      for (String metric : List.of("acc", "acc_norm", "exact_match")) {
        if (task.getValue().has(metric)) {
          double value =
              number(
                  "SELECT value FROM %s WHERE task = 'qs_%s' AND metric = '%s'",
                  table("metrics"), task.getKey(), metric);
          assertThat(value)
              .as("%s of %s", metric, task.getKey())
              .isCloseTo(task.getValue().get(metric).asDouble(), within(0.5001e-4));
          compared++;
        }
      }
    }
    assertThat(compared).isEqualTo(17);
  }

  @Test
  void perplexitiesAreTheExpectedOnes() throws SQLException {
    for (Map.Entry<String, JsonNode> domain : expected.get("corpora").properties()) {
      String row = table("perplexity") + " WHERE domain = '" + domain.getKey() + "'";
      JsonNode want = domain.getValue();
      for (String count : List.of("documents", "tokens", "bytes")) {
        assertThat(number("SELECT %s FROM %s", count, row)).isEqualTo(want.get(count).asDouble());
      }
      double likelihood = -want.get("nll").asDouble();
      assertThat(number("SELECT sum_logprob FROM %s", row))
          .isCloseTo(likelihood, within(1e-5 * -likelihood));
      assertThat(number("SELECT token_perplexity FROM %s", row))
          .isCloseTo(want.get("token_perplexity").asDouble(), within(1.001e-4));
      assertThat(number("SELECT bits_per_byte FROM %s", row))
          .isCloseTo(want.get("bits_per_byte").asDouble(), within(1.001e-5));
    }
    assertThat(number("SELECT count(*) FROM %s", table("perplexity")))
        .isEqualTo(expected.get("corpora").size());
  }

  @Test
  void expertLoadsAreTheExpectedOnes() throws SQLException {
    for (Map.Entry<String, JsonNode> domain : expected.get("expert_load").properties()) {
      // The last layer there is the prediction module's.
      for (int layer = 1; layer <= 5; layer++) {
        for (int expert = 0; expert < EXPERTS; expert++) {
          double share = domain.getValue().get(String.valueOf(layer)).get(expert).asDouble();
          assertThat(
                  number(
                          "SELECT relative_load FROM %s WHERE domain = '%s' AND phase = 'prompt'"
                              + " AND layer = %d AND expert = %d",
                          table("expert_load"), domain.getKey(), layer, expert)
                      / EXPERTS)
              .as("%s, layer %d, expert %d", domain.getKey(), layer, expert)
              .isCloseTo(share, within(0.005));
        }
      }
    }
  }

  /** The part of a domain's tokens an expert serves is K times its load. */
  @Test
  void specialisationIsTheExpectedLoad() throws SQLException {
    String table = table("expert_specialisation");
    for (Map.Entry<String, JsonNode> domain : expected.get("expert_load").properties()) {
      for (int layer = 1; layer <= 5; layer++) {
        List<Double> values =
            numbers(
                "SELECT specialisation FROM %s WHERE domain = '%s' AND layer = %d ORDER BY expert"
                    .formatted(table, domain.getKey(), layer));
        assertThat(values).hasSize(EXPERTS);
        for (int expert = 0; expert < EXPERTS; expert++) {
          double share = domain.getValue().get(String.valueOf(layer)).get(expert).asDouble();
          assertThat(values.get(expert) / 4).isCloseTo(share, within(0.005));
        }
      }
    }
    // Trained on seven kinds of text: the domains decide much of the choice, and surely.
    assertThat(number("SELECT min(mutual_information) FROM %s", table("routing_tests")))
        .isBetween(0.02, 3.0);
    assertThat(number("SELECT count(*) FROM %s WHERE q_value < 0.001", table)).isGreaterThan(100);
    assertThat(number("SELECT count(DISTINCT cluster) FROM %s", table("expert_clusters")))
        .isEqualTo(number("SELECT max(clusters) FROM %s", table("expert_clusters")))
        .isGreaterThan(1);
  }

  /** The module is layer 6; expected.json has acceptances only for longer texts than the tasks'. */
  @Test
  void mostDraftsAreAccepted() throws SQLException {
    String rows = table("mtp");
    assertThat(number("SELECT sum(accepted) / sum(proposed) FROM %s", rows)).isBetween(0.5, 1.0);
    assertThat(number("SELECT count(*) FROM %s WHERE tokens_per_step NOT BETWEEN 1 AND 2", rows))
        .isZero();
    assertThat(
            number(
                "SELECT count(*) FROM %s WHERE phase = 'mtp' AND layer <> 6", table("expert_load")))
        .isZero();
  }

  /** One module: a document's first token has too little before it. */
  @Test
  void theModulePredictsTheCorporaAsExpected() throws SQLException {
    int compared = 0;
    for (Map.Entry<String, JsonNode> domain : expected.get("corpora").properties()) {
      String row = table("mtp") + " WHERE depth = 1 AND domain = '" + domain.getKey() + "'";
      JsonNode want = domain.getValue();
      assertThat(number("SELECT scored_tokens FROM %s", row))
          .isEqualTo(want.get("mtp_positions").asDouble());
      assertThat(number("SELECT accuracy FROM %s", row))
          .as(domain.getKey())
          .isCloseTo(want.get("mtp_top1_accuracy").asDouble(), within(0.5001e-4));
      assertThat(number("SELECT abs(exp(cross_entropy) - perplexity) FROM %s", row))
          .isLessThan(1e-9);
      // Its accuracy is near the main model's, on some domains above it; so is its perplexity.
      double main = want.get("token_perplexity").asDouble();
      assertThat(number("SELECT perplexity FROM %s", row)).isBetween(main / 2, 2 * main);
      compared++;
    }
    assertThat(compared).isEqualTo(7);
  }

  /** No token is dropped: each layer counts K choices for every token. */
  @Test
  void everyTokenChoosesFourExpertsInEveryLayer() throws SQLException {
    List<Double> totals =
        numbers(
            "SELECT DISTINCT sum(tokens) FROM "
                + table("expert_load")
                + " WHERE domain = 'stories' GROUP BY layer");
    double fed = number("SELECT tokens FROM %s WHERE domain = 'stories'", table("perplexity"));
    assertThat(totals).containsExactly(4 * fed);
  }

  @Test
  void thePlanHadTheTokensThatWereComputed() throws SQLException {
    String sum = "SELECT sum(%s) FROM " + table("throughput") + " WHERE phase = '%s'";
    JsonNode scoring = plan.at("/total/scoring");
    for (String column : List.of("requests", "tokens_submitted", "tokens_computed")) {
      assertThat(number(sum, column, "score")).isEqualTo(scoring.get(column).asDouble());
    }
    JsonNode generation = plan.at("/total/generation");
    assertThat(number(sum, "requests", "generate"))
        .isEqualTo(generation.get("requests").asDouble());
    assertThat(number(sum, "tokens_submitted", "generate"))
        .isBetween(
            generation.get("prompt_tokens").asDouble(),
            generation.get("tokens_submitted_at_most").asDouble());
    assertThat(number(sum, "tokens_computed", "generate"))
        .isBetween(
            generation.get("tokens_computed_at_least").asDouble(),
            generation.get("tokens_computed_at_most").asDouble());
  }

  @Test
  void theRunHasItsRowAndNothingFailed() throws SQLException {
    assertThat(number("SELECT count(*) FROM %s WHERE status = 'succeeded'", table("runs")))
        .isEqualTo(1);
    assertThat(number("SELECT failures FROM %s", table("runs"))).isZero();
    assertThat(number("SELECT count(*) FROM %s", table("failures"))).isZero();
    assertThat(
            number(
                "SELECT count(*) - (SELECT requests FROM %s) FROM %s",
                table("runs"), table("samples")))
        .isZero();
    assertThat(number("SELECT count(*) - count(DISTINCT request_id) FROM %s", table("samples")))
        .isZero();
  }

  private static String table(String name) {
    return "read_parquet('%s/results/%s/run_id=%s/*.parquet', hive_partitioning = true)"
        .formatted(folder, name, RUN);
  }

  private static double number(String query, Object... parts) throws SQLException {
    List<Double> rows = numbers(query.formatted(parts));
    assertThat(rows).as(query.formatted(parts)).hasSize(1);
    return rows.getFirst();
  }

  private static List<Double> numbers(String query) throws SQLException {
    List<Double> values = new ArrayList<>();
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
        ResultSet rows = connection.createStatement().executeQuery(query)) {
      while (rows.next()) {
        values.add(rows.getDouble(1));
      }
    }
    return values;
  }
}
