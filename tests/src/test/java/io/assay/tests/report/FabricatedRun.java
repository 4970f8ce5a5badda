package io.assay.tests.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.assay.job.table.Table;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;

/**
 * Tables of a run of any size that nobody has to compute, written with DuckDB. Their columns and
 * types are those of {@link Table}; a required column that is left out is an error.
 */
final class FabricatedRun implements AutoCloseable {
  private static final Map<DataType, String> TYPES =
      Map.of(
          DataTypes.StringType, "VARCHAR",
          DataTypes.IntegerType, "INTEGER",
          DataTypes.LongType, "BIGINT",
          DataTypes.DoubleType, "DOUBLE",
          DataTypes.BooleanType, "BOOLEAN",
          DataTypes.TimestampType, "TIMESTAMP");

  private final Path results;
  private final String id;
  private final Connection connection;

  /**
   * @param results folder of all tables
   */
  FabricatedRun(Path results, String id) throws SQLException {
    this.results = results;
    this.id = id;
    this.connection = DriverManager.getConnection("jdbc:duckdb:");
  }

  /** A text as SQL writes it. */
  static String quoted(String text) {
    return "'" + text.replace("'", "''") + "'";
  }

  /**
   * Writes a table.
   *
   * @param select query whose columns have the table's names; what it leaves out is null
   */
  FabricatedRun with(Table table, String select) throws SQLException, IOException {
    Path folder = results.resolve(table.folder()).resolve("run_id=" + id);
    Files.createDirectories(folder);
    String columns =
        Arrays.stream(table.schema().fields())
            .map(field -> "\"" + field.name() + "\" " + type(field))
            .collect(Collectors.joining(", "));
    try (Statement statement = connection.createStatement()) {
      statement.execute("CREATE OR REPLACE TABLE made (" + columns + ")");
      statement.execute("INSERT INTO made BY NAME " + select);
      for (StructField field : table.schema().fields()) {
        if (!field.nullable()) {
          try (ResultSet found =
              statement.executeQuery(
                  "SELECT count(*) FROM made WHERE \"" + field.name() + "\" IS NULL")) {
            found.next();
            assertThat(found.getLong(1)).as(table + "." + field.name()).isZero();
          }
        }
      }
      statement.execute("COPY made TO " + quoted(folder.resolve("part.parquet").toString()));
    }
    return this;
  }

  private static String type(StructField field) {
    return TYPES.getOrDefault(field.dataType(), "DOUBLE[]");
  }

  /**
   * The row of {@code runs}.
   *
   * @param verdict on its gates, or null
   * @param minute of the hour at which it ended
   */
  FabricatedRun ended(String verdict, int minute, String config) throws SQLException, IOException {
    return run(
        "'succeeded'",
        "TIMESTAMP '2026-11-22 10:00:00' + INTERVAL " + minute + " MINUTE",
        quoted(config),
        verdict == null ? "NULL" : quoted(verdict));
  }

  /** The row of {@code runs} while the run goes on. */
  FabricatedRun running() throws SQLException, IOException {
    return run("'running'", "NULL", "''", "NULL");
  }

  private FabricatedRun run(String status, String finished, String config, String verdict)
      throws SQLException, IOException {
    return with(
        Table.RUNS,
        """
        SELECT %s AS status, '/models/deepseek' AS model_path, 'f00dfeed' AS model_fingerprint,
          'cpu' AS backend, 'fp32' AS "precision", '0.1.0' AS assay_version, '4.2.0' AS spark_version,
          TIMESTAMP '2026-11-22 10:00:00' AS started_at, %s AS finished_at, 1234 AS requests,
          2 AS failures, %s AS config_yaml, 'fp32/1' AS numerics, 'local[2]' AS master, 1024 AS max_length,
          true AS bos, 1 AS schema_version, 'nightly-{date}' AS family, %s AS gate_verdict
        """
            .formatted(status, finished, config, verdict));
  }

  /**
   * All expert tables.
   *
   * @param layers how many, from 1
   * @param tokens of each expert
   * @param token SQL text of a token, of its {@code rank}
   */
  FabricatedRun experts(int layers, int experts, int domains, int tokens, String token)
      throws SQLException, IOException {
    String all =
        "FROM range(1, %d) l(layer), range(%d) e(expert), range(%d) d(d)"
            .formatted(layers + 1, experts, domains);
    String each = "FROM range(1, %d) l(layer), range(%d) e(expert)".formatted(layers + 1, experts);
    with(
        Table.EXPERT_LOAD,
        """
        SELECT layer, expert, 'domain ' || d AS domain, 'prompt' AS phase, 1.5 AS weight_sum,
          CAST(1000 * (1.01 + sin(layer * 7 + expert * 3 + d * 5)) AS BIGINT) AS tokens,
          1.0 AS relative_load
        """
            + all);
    with(
        Table.EXPERT_BALANCE,
        """
        SELECT layer, domain, 1000 AS tokens, 0.5 + sin(layer) / 4 AS max_vio, 0.3 AS cv, 0.97 AS entropy,
          0.9 AS jain, 10 AS sequences, 8192 AS batch_tokens, 8000 AS choices
        FROM range(1, %d) l(layer), (SELECT '*' AS domain UNION ALL SELECT 'domain ' || d FROM range(%d) r(d))
        """
            .formatted(layers + 1, domains));
    with(
        Table.EXPERT_SPECIALISATION,
        """
        SELECT layer, expert, 'domain ' || d AS domain, 20 AS documents, 100 AS tokens,
          1000 + d AS domain_tokens, 500 AS expert_tokens, (1 + sin(layer + expert + d)) / 8 AS specialisation,
          0.125 AS uniform, 0.1 AS ci_low, 0.2 AS ci_high, 0.125 AS null_mean, 0.001 AS q_value
        """
            + all);
    with(
        Table.ROUTING_TESTS,
        """
        SELECT layer, 5 AS domains, 8 AS experts, 1000 AS choices, 10.0 AS chi_square, 4 AS degrees_of_freedom,
          0.01 AS p_value, 0.2 AS cramers_v, 0.1 + layer / 100 AS mutual_information
        FROM range(1, %d) l(layer)
        """
            .formatted(layers + 1));
    with(
        Table.EXPERT_CLUSTERS,
        "SELECT layer, expert, expert % 3 AS cluster, sin(layer + expert) AS x, cos(layer * expert)"
            + " AS y, 3 AS clusters, 0.4 AS silhouette "
            + each);
    with(
        Table.EXPERT_TOKENS,
        """
        SELECT layer, expert, rank AS token_id, %s AS token, 1000 - rank AS "count", rank / 100 AS specialisation,
          5000 AS occurrences, rank %s, range(1, %d) t(rank)
        """
            .formatted(token, each, tokens + 1));
    return with(
        Table.EXPERT_COACTIVATION,
        """
        SELECT layer, i AS expert_i, j AS expert_j, i * j AS "count", (1 + sin(i * j)) / 2 AS rate,
          (1 + cos(i * j)) / 2 AS rate_j
        FROM range(1, %d) l(layer), range(%d) a(i), range(%d) b(j) WHERE i < j
        """
            .formatted(layers + 1, experts, experts));
  }

  /** Metrics, perplexities, drafts, cache and work. */
  FabricatedRun answers(String task, double shift) throws SQLException, IOException {
    documents(shift);
    with(
        Table.METRICS,
        """
        SELECT task, '1.0' AS task_version, 'none' AS "filter", metric, value, stderr, 100 AS n, 5 AS num_fewshot,
          'by_id' AS fewshot, aggregation, higher AS higher_is_better
        FROM (VALUES (%1$s, 'acc', 0.5 + %2$s, 0.02, 'mean', true),
          ('group', 'acc', 0.6, 0.01, NULL, NULL), ('undefined', 'acc', 'NaN'::DOUBLE, NULL, 'mean', true),
          ('corpus:texts', 'perplexity', 3.5 - %2$s, 0.1, 'weighted_perplexity', false))
          v(task, metric, value, stderr, aggregation, higher)
        """
            .formatted(quoted(task), shift));
    with(
        Table.PERPLEXITY,
        """
        SELECT 'texts' AS corpus, 'domain ' || d AS domain, 10 AS documents, 1000 + d AS tokens, 500 AS words,
          4000 AS bytes, -1000.0 AS sum_logprob, 2.0 + d - %s AS token_perplexity, 9.0 AS word_perplexity,
          'Infinity'::DOUBLE AS byte_perplexity, 0.4 + d / 10 AS bits_per_byte, 0.05 AS stderr,
          'rolling;window=1024' AS protocol
        FROM range(4) r(d)
        """
            .formatted(shift));
    with(
        Table.MTP,
        """
        SELECT depth, 'domain ' || d AS domain, 100 AS proposed, 90 - depth AS accepted, 1.8 AS tokens_per_step,
          0.9 - depth / 10 AS acceptance, 0.4 AS draft_cost, 1.2 AS expected_speedup, 500 AS scored_tokens,
          2.5 AS perplexity, 0.7 AS accuracy, 1.1 AS measured_speedup,
          4 AS timed_texts
        FROM range(1, 3) p(depth), range(3) r(d)
        """);
    with(
        Table.MTP_ACCEPTANCE,
        """
        SELECT depth, 'domain 0' AS domain, 16 * p AS "position", 50 AS proposed, 40 AS accepted,
          0.8 acceptance, e / 2.0 AS entropy FROM range(1, 3) q(depth), range(4) r(p), range(2) s(e)
        """);
    with(
        Table.KV_CACHE,
        """
        SELECT variant, bytes AS bytes_per_token, 'bf16' AS format, 4 AS kv_heads, 100 AS values_per_layer,
          200 AS bytes_per_layer, 3072 / bytes AS mha_ratio, 85899345920 AS cache_bytes, 1024 AS sequence_tokens,
          1000 max_batch FROM (VALUES ('MHA', 3072), ('MLA', 960)) v(variant, bytes)
        """);
    return with(
        Table.THROUGHPUT,
        """
        SELECT 'driver' AS executor, 'cpu' AS device, 'score' AS phase, 100 AS requests, 10000 AS tokens_submitted,
          2500 AS tokens_computed, 12.5 AS seconds
        """);
  }

  /** Thirty documents of a corpus: with a shift the last are easier, the first harder. */
  private void documents(double shift) throws SQLException, IOException {
    with(
        Table.DOCUMENT_VALUES,
        """
        SELECT 'corpus:texts' AS task, 'none' AS "filter", 'perplexity' AS metric, 'doc ' || d AS doc_id,
          %1$s * (d - 5) - 100 AS value, [%1$s * (d - 5) - 100, 50.0] AS statistics FROM range(30) r(d)
        """
            .formatted(shift));
    with(
        Table.SAMPLES,
        """
        SELECT 'r' || d AS request_id, 'corpus:texts' AS task, 'doc ' || d AS doc_id, 'rolling' AS kind, 0 AS choice,
          -100.0 AS sum_logprob, 50 AS num_tokens, false AS truncated, 0 AS truncated_tokens,
          'domain ' || d % 4 AS domain, 0 AS "window" FROM range(30) r(d)
        """);
  }

  /** A gate against a run. */
  FabricatedRun gates(String baseline, String task, String message)
      throws SQLException, IOException {
    return with(
        Table.GATES,
        """
        SELECT %s AS baseline_run_id, task, metric, value, baseline, value - baseline AS delta,
          value - baseline - 0.1 AS ci_low, value - baseline + 0.1 AS ci_high, 0.001 AS p_value, verdict,
          'none' AS "filter", 0.002 AS p_adjusted, 0.05 AS detectable, 100 AS documents, 0 AS unpaired,
          'bootstrap' AS test, 'max_decrease 0.01' AS rule, 0.05 AS alpha, message
        FROM (VALUES (%s, 'acc', 0.5, 0.7, 'failed', NULL), ('corpus:texts', 'perplexity', 3.5, 3.6, 'passed', NULL),
          ('group', 'acc', NULL, NULL, 'not_comparable', %s)) v(task, metric, value, baseline, verdict, message)
        """
            .formatted(quoted(baseline), quoted(task), quoted(message)));
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
