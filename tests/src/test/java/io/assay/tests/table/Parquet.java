package io.assay.tests.table;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Result tables, read with DuckDB. */
public final class Parquet {
  private Parquet() {}

  /** A run's table, as DuckDB calls it in a query. */
  public static String table(Path results, String table, String runId) {
    return "read_parquet('%s/%s/run_id=%s/*.parquet')".formatted(results, table, runId);
  }

  /** Rows of a query, a list of columns each. */
  public static List<List<Object>> query(String sql) throws SQLException {
    List<List<Object>> rows = new ArrayList<>();
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
        ResultSet found = connection.createStatement().executeQuery(sql)) {
      while (found.next()) {
        List<Object> row = new ArrayList<>();
        for (int c = 1; c <= found.getMetaData().getColumnCount(); c++) {
          row.add(found.getObject(c));
        }
        rows.add(row);
      }
    }
    return rows;
  }
}
