package io.assay.tests.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.assay.engine.checkpoint.Checkpoint;
import io.assay.engine.checkpoint.FloatFormats;
import io.assay.tests.plan.SmallRun;
import io.assay.tests.plan.SmallRun.Result;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The expert tables of two runs of the same work, cut differently: they hold the same values, and
 * each says the same as the others where it can.
 */
@ResourceLock(Resources.SYSTEM_OUT)
@ResourceLock(Resources.SYSTEM_ERR)
class RoutingTablesTest {
  private static final List<String> TABLES =
      List.of(
          "expert_load",
          "expert_balance",
          "expert_groups",
          "expert_bias",
          "expert_specialisation",
          "routing_tests",
          "expert_clusters",
          "expert_tokens",
          "expert_vocabulary",
          "expert_coactivation",
          "expert_traces",
          "mtp",
          "mtp_acceptance");

  /** The golden model's. */
  private static final int CHOSEN = 4;

  private static final int GROUPS_KEPT = 2;

  /** Every document of both tasks. */
  private static final List<String> TRACED =
      IntStream.range(0, 12).mapToObj(id -> "\"" + id + "\"").toList();

  @TempDir private static Path folder;
  private static SmallRun run;

  @BeforeAll
  @ResourceLock(Resources.SYSTEM_OUT)
  @ResourceLock(Resources.SYSTEM_ERR)
  static void runTwice() throws IOException {
    run = new SmallRun(folder);
    for (List<String> more :
        List.of(
            List.of("--run-id", "one", "--set", "spark.master=local[1]"),
            List.of("--run-id", "two", "--set", "spark.conf={spark.sql.shuffle.partitions: 5}"))) {
      List<String> options = new ArrayList<>(List.of("--quiet"));
      options.addAll(more);
      options.addAll(List.of("--set", "statistics.tokens=1000"));
      options.addAll(List.of("--set", "statistics.batch_tokens=64"));
      options.addAll(List.of("--set", "statistics.mtp_perplexity=true"));
      options.addAll(List.of("--set", "statistics.traces=" + TRACED));
      Result ran = run.execute("run", options.toArray(String[]::new));
      assertThat(ran.exit()).as(ran.err()).isZero();
    }
  }

  private static List<List<Object>> rows(String query, String table) throws SQLException {
    return run.query(query, table, "one");
  }

  private static Object value(String query, String table) throws SQLException {
    return rows(query, table).getFirst().getFirst();
  }

  private static String file(String table) {
    return "read_parquet('%s/%s/run_id=one/*.parquet')".formatted(run.results(), table);
  }

  @Test
  void tablesDoNotDependOnHowTheWorkIsCut() throws SQLException {
    for (String table : TABLES) {
      List<List<Object>> one = run.query("SELECT COLUMNS(*)::VARCHAR FROM %s", table, "one");
      List<List<Object>> two = run.query("SELECT COLUMNS(*)::VARCHAR FROM %s", table, "two");
      assertThat(one).as(table).isNotEmpty();
      for (List<List<Object>> rows : List.of(one, two)) {
        rows.forEach(row -> row.removeIf(v -> "one".equals(v) || "two".equals(v)));
      }
      assertThat(two).as(table).isEqualTo(one);
    }
  }

  @Test
  void specialisationCountsThePromptsOfExpertLoad() throws SQLException {
    assertThat(
            value(
                "SELECT count(*) FROM %s s JOIN "
                    + file("expert_load")
                    + " l USING (layer, expert, domain)"
                    + " WHERE phase = 'prompt' AND s.tokens = l.tokens"
                    + " AND abs(specialisation - relative_load * uniform) < 1e-12"
                    + " AND (ci_low <= specialisation AND specialisation <= ci_high)",
                "expert_specialisation"))
        .isEqualTo(value("SELECT count(*) FROM %s", "expert_specialisation"));
    assertThat(
            value(
                "SELECT count(*) FROM (SELECT sum(tokens) AS c, any_value(domain_tokens) AS t"
                    + " FROM %s GROUP BY layer, domain) WHERE c <> t * "
                    + CHOSEN,
                "expert_specialisation"))
        .isEqualTo(0L);
    // 12 questions of three choices, 12 prompts, 11 texts.
    assertThat(
            rows("SELECT DISTINCT domain, documents FROM %s ORDER BY 1", "expert_specialisation"))
        .extracting(row -> row.get(1))
        .containsExactly(12L, 11L, 12L);
  }

  @Test
  void chiSquareIsThatOfTheCounts() throws SQLException {
    List<List<Object>> found =
        rows(
            "WITH c AS (SELECT layer, expert, domain, tokens,"
                + " sum(tokens) OVER (PARTITION BY layer, expert)::DOUBLE"
                + " * sum(tokens) OVER (PARTITION BY layer, domain)"
                + " / sum(tokens) OVER (PARTITION BY layer) AS e FROM "
                + file("expert_specialisation")
                + ") SELECT t.chi_square, sum((tokens - e) ** 2 / e) FILTER (e > 0),"
                + " t.mutual_information,"
                + " sum(tokens * log2(tokens / e)) FILTER (tokens > 0) / sum(tokens)"
                + " FROM c JOIN %s t USING (layer) GROUP BY ALL",
            "routing_tests");
    assertThat(found).isNotEmpty();
    for (List<Object> row : found) {
      assertThat((double) row.get(0)).isCloseTo((double) row.get(1), within(1e-6));
      assertThat((double) row.get(2)).isCloseTo((double) row.get(3), within(1e-9));
    }
  }

  @Test
  void tokensAndPairsAddUpToTheLoads() throws SQLException {
    String loads =
        " (SELECT layer, expert, sum(tokens) AS c FROM "
            + file("expert_load")
            + " WHERE phase <> 'mtp' GROUP BY ALL) l ";
    assertThat(
            value(
                "SELECT count(*) FROM (SELECT layer, expert, sum(count) AS n, max(rank) AS r"
                    + " FROM %s GROUP BY ALL) t FULL JOIN"
                    + loads
                    + "USING (layer, expert) WHERE coalesce(n, 0) <> c OR r >= 1000",
                "expert_tokens"))
        .isEqualTo(0L);
    assertThat(value("SELECT max(specialisation) <= 1 FROM %s", "expert_tokens")).isEqualTo(true);
    assertThat(
            value(
                "SELECT count(*) FROM (SELECT layer, expert, sum(count) AS n FROM (SELECT layer,"
                    + " unnest([expert_i, expert_j]) AS expert, count FROM %s) GROUP BY ALL) p"
                    + " FULL JOIN"
                    + loads
                    + "USING (layer, expert) WHERE coalesce(n, 0) <> c * "
                    + (CHOSEN - 1),
                "expert_coactivation"))
        .isEqualTo(0L);
  }

  /** The tokens of all documents, one by one, are what was counted. */
  @Test
  void tracesAddUpToTheLoads() throws SQLException {
    assertThat(
            rows(
                    "SELECT count(*) FILTER (n IS NOT DISTINCT FROM tokens), count(*), count(DISTINCT"
                        + " (domain, phase)) FROM (SELECT layer, domain, phase, expert, count(*) AS n"
                        + " FROM (SELECT *, unnest(experts) AS expert FROM %s WHERE domain <>"
                        + " 'texts') GROUP BY ALL) t FULL JOIN (SELECT * FROM "
                        + file("expert_load")
                        + " WHERE phase <> 'mtp' AND tokens > 0 AND domain <> 'texts') l"
                        + " USING (layer, domain, phase, expert)",
                    "expert_traces")
                .getFirst())
        .satisfies(row -> assertThat(row.get(0)).isEqualTo(row.get(1)))
        .satisfies(row -> assertThat(row.get(2)).isEqualTo(3L)); // choose, and write twice
    // The tokens of a request one after the other, with K different experts each.
    assertThat(
            value(
                "SELECT count(*) FROM (SELECT count(*) AS n, count(DISTINCT position) AS places,"
                    + " max(position) + 1 AS last, bool_and(len(list_distinct(experts)) = "
                    + CHOSEN
                    + " AND len(experts) = "
                    + CHOSEN
                    + ") AS good FROM %s GROUP BY task, doc_id, choice, layer)"
                    + " WHERE NOT (n = places AND n = last AND good)",
                "expert_traces"))
        .isEqualTo(0L);
    // A token has one text, that of the other table.
    assertThat(
            value(
                "SELECT count(*) FROM %s t JOIN "
                    + file("expert_tokens")
                    + " o USING (token_id) WHERE t.token <> o.token",
                "expert_traces"))
        .isEqualTo(0L);
  }

  @Test
  void balanceKnowsBatchesSequencesAndDroppedTokens() throws SQLException {
    assertThat(
            value("SELECT count(*) FROM %s WHERE choices <> tokens * " + CHOSEN, "expert_balance"))
        .isEqualTo(0L);
    List<List<Object>> batches =
        rows(
            "SELECT batches, max_vio_batch >= max_vio - 0.05, batch_tokens, l_bal, l_bal_served,"
                + " sequences FROM %s WHERE domain = '*' AND batches IS NOT NULL",
            "expert_balance");
    assertThat(batches).isNotEmpty();
    // Domains are sources here, and batches begin with each.
    long full =
        ((Number)
                value(
                    "SELECT sum(planned // 64) FROM (SELECT layer, sum(tokens)::BIGINT // 4 AS"
                        + " planned FROM %s WHERE phase = 'prompt' GROUP BY layer, domain)"
                        + " GROUP BY layer LIMIT 1",
                    "expert_load"))
            .longValue();
    for (List<Object> row : batches) {
      assertThat(row.get(0)).isEqualTo(full);
      assertThat(row.get(1)).isEqualTo(true);
      assertThat(row.get(2)).isEqualTo(64);
      assertThat((double) row.get(3)).isBetween(0.5, 8.0).isNotEqualTo(row.get(4));
    }
    // Generations are not scored.
    assertThat(
            value(
                "SELECT count(*) FROM %s WHERE domain = 'write' AND (l_bal IS NOT NULL OR sequences"
                    + " > 0)",
                "expert_balance"))
        .isEqualTo(0L);
    long scored = (long) value("SELECT count(*) FROM %s WHERE sum_logprob IS NOT NULL", "samples");
    assertThat(batches).extracting(row -> row.get(5)).containsOnly(scored);
  }

  @Test
  void groupsAddUpToTheirMean() throws SQLException {
    List<List<Object>> means =
        rows(
            "SELECT sum(g.groups * g.tokens) / sum(g.tokens), b.groups_touched, sum(g.tokens),"
                + " b.tokens, sum(g.share), max(g.groups), sum(g.tokens * g.groups"
                + " * g.experts_per_group) / sum(g.tokens) FROM %s g JOIN "
                + file("expert_balance")
                + " b USING (layer, domain) GROUP BY layer, domain, b.groups_touched, b.tokens",
            "expert_groups");
    // The MTP modules' drafts are not followed token by token.
    assertThat(means)
        .hasSize(
            ((Number)
                    value(
                        "SELECT count(*) FROM %s WHERE layer IN (SELECT layer FROM "
                            + file("expert_load")
                            + " WHERE phase <> 'mtp')",
                        "expert_balance"))
                .intValue());
    for (List<Object> row : means) {
      assertThat((double) row.get(0)).isCloseTo((double) row.get(1), within(1e-12));
      assertThat(((Number) row.get(2)).longValue()).isEqualTo(row.get(3));
      assertThat((double) row.get(4)).isCloseTo(1, within(1e-12));
      assertThat((int) row.get(5)).isLessThanOrEqualTo(GROUPS_KEPT);
      assertThat((double) row.get(6)).isCloseTo(CHOSEN, within(1e-12));
    }
  }

  @Test
  void biasesAreTheCheckpoints() throws SQLException {
    List<List<Object>> found =
        rows("SELECT layer, expert, bias FROM %s ORDER BY ALL", "expert_bias");
    List<List<Object>> expected = new ArrayList<>();
    try (Checkpoint checkpoint = Checkpoint.open(SmallRun.GOLDEN)) {
      for (String name : checkpoint.names()) {
        if (name.endsWith("e_score_correction_bias")) {
          float[] bias = FloatFormats.toFloats(checkpoint.tensor(name));
          for (int e = 0; e < bias.length; e++) {
            expected.add(List.of(Integer.valueOf(name.split("\\.", -1)[2]), e, (double) bias[e]));
          }
        }
      }
    }
    assertThat(expected).isNotEmpty();
    assertThat(found).containsExactlyInAnyOrderElementsOf(expected);
  }

  /** The last token of a text has none that comes next. */
  @Test
  void vocabularyKnowsTheTokensToBePredicted() throws SQLException {
    assertThat(
            rows(
                    "SELECT count(*), count(*) FILTER (next_vocabulary > 0 AND next_specialisation"
                        + " > 0 AND next_specialisation <= 1), count(*) FILTER"
                        + " (next_specialisation <> specialisation) FROM %s",
                    "expert_vocabulary")
                .getFirst())
        .satisfies(row -> assertThat(row.get(1)).isEqualTo(row.get(0)))
        .satisfies(row -> assertThat((long) row.get(2)).isPositive());
  }

  @Test
  void modulesAreAPhaseOfTheirOwn() throws SQLException {
    assertThat(
            value(
                "SELECT (min(layer) FILTER (phase = 'mtp')) > (max(layer) FILTER (phase <> 'mtp'))"
                    + " FROM %s",
                "expert_load"))
        .isEqualTo(true);
    List<List<Object>> drafts =
        rows(
            "SELECT m.proposed, m.accepted, sum(a.proposed), sum(a.accepted), m.acceptance,"
                + " m.expected_speedup, m.tokens_per_step / (1 + m.draft_cost) FROM %s m JOIN "
                + file("mtp_acceptance")
                + " a USING (depth, domain) GROUP BY ALL",
            "mtp");
    assertThat(drafts).isNotEmpty();
    // Nobody asked for times, which differ from run to run.
    assertThat(value("SELECT count(measured_speedup) + sum(timed_texts) FROM %s", "mtp").toString())
        .isEqualTo("0");
    for (List<Object> row : drafts) {
      assertThat(((Number) row.get(2)).longValue()).isEqualTo(row.get(0));
      assertThat(((Number) row.get(3)).longValue()).isEqualTo(row.get(1));
      assertThat((double) row.get(4)).isEqualTo((double) (long) row.get(1) / (long) row.get(0));
      assertThat(row.get(5)).isEqualTo(row.get(6));
    }
  }

  /** The less the main model is in doubt the more drafts it accepts. */
  @Test
  void draftsAreCountedByEntropy() throws SQLException {
    List<List<Object>> buckets =
        rows(
            "SELECT entropy, sum(accepted) / sum(proposed) FROM %s GROUP BY entropy ORDER BY 1",
            "mtp_acceptance");
    assertThat(buckets).hasSizeGreaterThan(2);
    assertThat(buckets.stream().map(row -> row.get(0)).toList())
        .isSubsetOf(0.0, 0.125, 0.25, 0.5, 1.0, 2.0, 4.0, 8.0);
    assertThat((double) buckets.getFirst().get(1)).isGreaterThan((double) buckets.getLast().get(1));
  }

  /** Corpora are scored and not drafted for, tasks the other way round. */
  @Test
  void modulesPredictTheCorpora() throws SQLException {
    List<List<Object>> scored =
        rows(
            "SELECT domain, depth, proposed, tokens_per_step, scored_tokens, cross_entropy,"
                + " perplexity, accuracy FROM %s WHERE scored_tokens > 0",
            "mtp");
    assertThat(scored).hasSize(1);
    List<Object> row = scored.getFirst();
    assertThat(row.get(0)).isEqualTo("texts");
    assertThat(row.get(1)).isEqualTo(1);
    assertThat(((Number) row.get(2)).longValue()).isZero();
    assertThat(row.get(3)).isNull();
    // Depth 1 reads two tokens before the one it predicts, the first token of a window has one;
    // a document's last window, unless full or the only one, has more text in front.
    long tokens =
        ((Number)
                value(
                    "SELECT sum(n - greatest(1, n // 128)) FROM (SELECT sum(num_tokens) AS n FROM"
                        + " %s WHERE kind = 'rolling' GROUP BY doc_id)",
                    "samples"))
            .longValue();
    assertThat(((Number) row.get(4)).longValue()).isEqualTo(tokens);
    double loss = (double) row.get(5);
    // A random model is sure of what is wrong: worse than a guess among its tokens.
    assertThat(loss).isBetween(Math.log(512), 20.0);
    assertThat((double) row.get(6)).isCloseTo(Math.exp(loss), within(1e-9 * Math.exp(loss)));
    double correct = (double) row.get(7) * tokens;
    assertThat(correct).isBetween(0.0, (double) tokens).isCloseTo(Math.rint(correct), within(1e-6));
    assertThat(
            value(
                "SELECT count(*) FROM %s WHERE domain <> 'texts' AND (perplexity IS NOT NULL OR"
                    + " cross_entropy IS NOT NULL OR scored_tokens > 0)",
                "mtp"))
        .isEqualTo(0L);
  }

  @ParameterizedTest
  @ValueSource(strings = {"mtp_perplexity", "mtp_timing"})
  void aModelWithoutModulesCannotPredictWithThem(String asked) {
    String other = SmallRun.GOLDEN.toString().replace("v3-basic", "v2-lite");
    for (String command : List.of("plan", "run")) {
      Result refused =
          run.execute(
              command,
              "--run-id",
              "none",
              "--set",
              "model.path=" + other,
              "--set",
              "statistics." + asked + "=true");
      assertThat(refused.exit()).isEqualTo(2);
      assertThat(refused.err()).contains("statistics." + asked + ": the model has no MTP modules");
    }
  }
}
