package io.assay.tests.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.assay.tests.table.Parquet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Array;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Compares all tables of two runs, bit for bit, in any order of rows. Only what is about the
 * execution itself is left out: times, where a run computed and how its work was cut.
 */
public final class TableComparison {
  private static final Set<String> NOTHING = Set.of();

  /** Columns that may differ. The run file names the run and its settings. */
  private static final Map<String, Set<String>> IGNORED =
      Map.of("runs", Set.of("started_at", "finished_at", "config_yaml", "master"));

  /** Rows of this table are of executors: what is left of it is what was asked altogether. */
  private static final String THROUGHPUT = "throughput";

  private final Path results;

  /** Of runs in one folder of results. */
  public TableComparison(Path results) {
    this.results = results;
  }

  /** Fails unless the second run has exactly the tables and rows of the first. */
  public void requireSame(String expectedRun, String foundRun, String what)
      throws IOException, SQLException {
    Set<String> tables = tables(expectedRun);
    assertThat(tables).as("tables of %s", expectedRun).contains("runs", "samples", "metrics");
    assertThat(tables(foundRun)).as("tables of %s, %s", foundRun, what).isEqualTo(tables);
    requireSame(expectedRun, foundRun, what, tables);
  }

  /** The same for some of the tables. */
  public void requireSame(
      String expectedRun, String foundRun, String what, Collection<String> tables)
      throws SQLException {
    for (String table : tables) {
      List<String> expected = rows(table, expectedRun);
      assertThat(rows(table, foundRun))
          .as("%s of %s against %s, %s", table, foundRun, expectedRun, what)
          .isEqualTo(expected);
    }
  }

  /** Tables that a run has. */
  public Set<String> tables(String runId) throws IOException {
    try (Stream<Path> folders = Files.list(results)) {
      return folders
          .filter(folder -> Files.isDirectory(folder.resolve("run_id=" + runId)))
          .map(folder -> folder.getFileName().toString())
          .collect(Collectors.toCollection(TreeSet::new));
    }
  }

  private List<String> rows(String table, String runId) throws SQLException {
    String files = Parquet.table(results, table, runId);
    return Parquet.query(query(table, files)).stream()
        .map(row -> row.stream().map(TableComparison::exact).collect(Collectors.joining(" | ")))
        .sorted()
        .toList();
  }

  private static String query(String table, String files) throws SQLException {
    if (table.equals(THROUGHPUT)) {
      return "SELECT phase, sum(requests), sum(tokens_submitted) FROM " + files + " GROUP BY phase";
    }
    Set<String> ignored = IGNORED.getOrDefault(table, NOTHING);
    String columns =
        Parquet.query("SELECT column_name FROM (DESCRIBE SELECT * FROM " + files + ")").stream()
            .map(row -> (String) row.get(0))
            // A column of the folder's name, not of the file.
            .filter(column -> !column.equals("run_id") && !ignored.contains(column))
            .map(column -> '"' + column + '"')
            .collect(Collectors.joining(", "));
    return "SELECT " + columns + " FROM " + files;
  }

  /** A value so that different bits are different texts. */
  private static String exact(Object value) {
    if (value instanceof Double number) {
      return number + " " + Long.toHexString(Double.doubleToRawLongBits(number));
    }
    if (value instanceof Array array) {
      try {
        return Arrays.stream((Object[]) array.getArray())
            .map(TableComparison::exact)
            .collect(Collectors.joining(", ", "[", "]"));
      } catch (SQLException e) {
        throw new IllegalStateException(e);
      }
    }
    return String.valueOf(value);
  }
}
