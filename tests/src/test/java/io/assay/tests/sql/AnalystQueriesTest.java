package io.assay.tests.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.assay.job.table.Table;
import io.assay.tests.plan.SmallRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;

/**
 * The queries of {@code conf/sql} on two real runs of one family, the second at another precision:
 * DuckDB and Spark SQL give the same answers, and the answers are right.
 */
@ResourceLock(Resources.SYSTEM_OUT)
@ResourceLock(Resources.SYSTEM_ERR)
class AnalystQueriesTest {
  private static final Path SCRIPTS =
      Path.of(System.getProperty("assay.root", ".."))
          .toAbsolutePath()
          .normalize()
          .resolve("conf/sql");
  private static final String VIEWS = "views.";

  @TempDir private static Path folder;

  /** Rows by query, then by column, as DuckDB has them. */
  private static final Map<String, List<Map<String, Object>>> DUCKDB = new TreeMap<>();

  private static final Map<String, List<Map<String, Object>>> SPARK = new TreeMap<>();

  @BeforeAll
  static void runTwiceAndAsk() throws IOException, SQLException {
    SmallRun run = new SmallRun(folder);
    // A run id that looks like a number must stay text.
    SmallRun.Result first = run.execute("run", "--run-id", "0041", "--quiet");
    assertThat(first.exit()).as(first.err()).isZero();
    SmallRun.Result second =
        run.execute(
            "run",
            "--run-id",
            "0042",
            "--precision",
            "bf16",
            "--set",
            "gates.baseline=\"0041\"",
            "--set",
            "tasks.names=[choose]",
            "--quiet");
    assertThat(second.exit()).as(second.err()).isZero();
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = connection.createStatement()) {
      for (String view : Script.statements(SCRIPTS.resolve("views.duckdb.sql"), run.results())) {
        statement.execute(view);
      }
      for (Path query : queries()) {
        DUCKDB.put(name(query), duckdb(statement, only(query)));
      }
    }
    try (SparkSession spark =
        SparkSession.builder()
            .master("local[1]")
            .config("spark.ui.enabled", "false")
            .config("spark.sql.shuffle.partitions", "1")
            .config("spark.sql.session.timeZone", "UTC")
            .config("spark.driver.bindAddress", "127.0.0.1")
            .config("spark.driver.host", "127.0.0.1")
            .getOrCreate()) {
      Script.statements(SCRIPTS.resolve("views.spark.sql"), run.results()).forEach(spark::sql);
      for (Path query : queries()) {
        SPARK.put(name(query), spark(spark.sql(only(query))));
      }
    }
  }

  private static List<Path> queries() throws IOException {
    try (Stream<Path> files = Files.list(SCRIPTS)) {
      return files.filter(file -> !name(file).startsWith(VIEWS)).sorted().toList();
    }
  }

  private static String name(Path file) {
    return file.getFileName().toString().replace(".sql", "");
  }

  private static String only(Path query) throws IOException {
    List<String> statements = Script.statements(query, folder);
    assertThat(statements).as(query.toString()).hasSize(1);
    return statements.getFirst();
  }

  private static List<Map<String, Object>> duckdb(Statement statement, String query)
      throws SQLException {
    List<Map<String, Object>> rows = new ArrayList<>();
    try (ResultSet found = statement.executeQuery(query)) {
      while (found.next()) {
        Map<String, Object> row = new TreeMap<>();
        for (int c = 1; c <= found.getMetaData().getColumnCount(); c++) {
          row.put(found.getMetaData().getColumnName(c), found.getObject(c));
        }
        rows.add(row);
      }
    }
    return rows;
  }

  private static List<Map<String, Object>> spark(Dataset<Row> found) {
    return found.collectAsList().stream()
        .map(
            row -> {
              Map<String, Object> values = new TreeMap<>();
              for (String column : found.columns()) {
                values.put(column, row.getAs(column));
              }
              return values;
            })
        .toList();
  }

  @Test
  void everyQuerySaysWhatItAnswers() throws IOException {
    assertThat(queries()).hasSize(8);
    for (Path query : queries()) {
      assertThat(Files.readAllLines(query).getFirst())
          .as(query.toString())
          .startsWith("-- ")
          .endsWith("?");
    }
  }

  @Test
  void everyTableHasAViewInBothLanguages() throws IOException {
    for (String file : List.of("views.duckdb.sql", "views.spark.sql")) {
      String views = Files.readString(SCRIPTS.resolve(file));
      for (Table table : Table.values()) {
        assertThat(views).as(file).contains(" VIEW " + table.folder() + " ");
      }
    }
  }

  @Test
  void bothEnginesAnswerAlike() {
    assertThat(DUCKDB.keySet()).isEqualTo(SPARK.keySet()).hasSize(8);
    DUCKDB.forEach(
        (query, rows) -> {
          List<Map<String, Object>> others = SPARK.get(query);
          assertThat(rows).as(query).isNotEmpty().hasSameSizeAs(others);
          for (int i = 0; i < rows.size(); i++) {
            Map<String, Object> other = others.get(i);
            assertThat(rows.get(i).keySet()).as(query).isEqualTo(other.keySet());
            rows.get(i)
                .forEach(
                    (column, value) -> {
                      if (value instanceof Number number) {
                        assertThat(((Number) other.get(column)).doubleValue())
                            .as("%s: %s", query, column)
                            .isCloseTo(
                                number.doubleValue(),
                                within(1e-9 * Math.max(1, Math.abs(number.doubleValue()))));
                      } else if (value == null || value instanceof String) {
                        assertThat(other.get(column)).as("%s: %s", query, column).isEqualTo(value);
                      }
                    });
          }
        });
  }

  @Test
  void theTrendHasAChangeFromTheSecondRunOn() {
    assertThat(DUCKDB.get("nightly-trend"))
        .allSatisfy(
            row -> {
              assertThat(row).containsEntry("family", "small");
              boolean first =
                  row.get("run_id").equals("0041") || row.get("metric").equals("exact_match");
              assertThat(row.get("change") == null).isEqualTo(first);
            })
        .extracting(row -> row.get("metric"))
        .contains("acc", "exact_match", "word_perplexity");
  }

  @Test
  void documentsThatBecameHarderComeFirst() {
    List<Map<String, Object>> rows = DUCKDB.get("worst-documents");
    assertThat(rows).hasSize(11);
    assertThat(rows)
        .extracting(row -> (Double) row.get("ratio"))
        .isSortedAccordingTo((a, b) -> Double.compare(b, a))
        .allSatisfy(ratio -> assertThat(ratio).isBetween(0.9, 1.1).isNotEqualTo(1.0));
    assertThat(rows)
        .allSatisfy(
            row ->
                assertThat((double) row.get("perplexity") / (double) row.get("earlier_perplexity"))
                    .isEqualTo((double) row.get("ratio")));
  }

  @Test
  void expertsThatChangedStandBesideWhatBecameOfDocuments() {
    Map<Object, Double> ratios = new TreeMap<>();
    DUCKDB
        .get("worst-documents")
        .forEach(row -> ratios.put(row.get("doc_id"), (Double) row.get("ratio")));
    long worse = ratios.values().stream().filter(ratio -> ratio > 1).count();
    List<Map<String, Object>> rows = DUCKDB.get("changed-experts");
    assertThat(rows)
        .allSatisfy(
            row -> {
              assertThat((double) row.get("load_shift")).isBetween(1e-4, 0.5);
              assertThat((double) row.get("change"))
                  .isCloseTo(
                      (double) row.get("value") - (double) row.get("earlier_value"), within(1e-3));
            });
    assertThat(rows).extracting(row -> row.get("domain")).containsOnly("texts", "choose");
    assertThat(rows)
        .filteredOn(row -> row.get("domain").equals("texts"))
        .hasSize(5)
        .allSatisfy(
            row -> {
              assertThat(row)
                  .containsEntry("measure", "perplexity")
                  .containsEntry("documents", 11L);
              assertThat(((Number) row.get("worse")).longValue()).isEqualTo(worse);
              assertThat((double) row.get("value") / (double) row.get("earlier_value"))
                  .isCloseTo(ratios.get(row.get("doc_id")), within(1e-6));
            })
        .extracting(row -> (Double) row.get("change"))
        .isSortedAccordingTo((a, b) -> Double.compare(b, a));
  }

  @Test
  void theRestCountsWhatTheRunsDid() {
    assertThat(DUCKDB.get("failures-by-code"))
        .hasSize(2)
        .allSatisfy(
            row ->
                assertThat(row)
                    .containsEntry("code", "DOCUMENT_INVALID")
                    .containsEntry("documents", 1L));
    assertThat(DUCKDB.get("throughput"))
        .allSatisfy(row -> assertThat((double) row.get("sharing")).isPositive())
        .extracting(row -> row.get("run_id") + " " + row.get("phase"))
        .containsExactly("0041 generate", "0041 score", "0042 score");
    assertThat(DUCKDB.get("load-imbalance"))
        .allSatisfy(
            row ->
                assertThat((double) row.get("its_max_vio"))
                    .isGreaterThanOrEqualTo((double) row.get("max_vio") * 0.9));
    assertThat(DUCKDB.get("experts-by-domain"))
        .filteredOn(row -> ((Number) row.get("place")).intValue() == 1)
        .allSatisfy(row -> assertThat((double) row.get("relative_load")).isGreaterThan(1));
    assertThat(DUCKDB.get("mtp-acceptance"))
        .singleElement()
        .satisfies(
            row ->
                assertThat((double) row.get("acceptance"))
                    .isEqualTo((double) row.get("first_tokens")));
  }
}
