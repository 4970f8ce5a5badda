package io.assay.job.report;

import io.assay.job.table.RunTables;
import io.assay.job.table.Table;
import io.assay.job.table.TableRow;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Rows that were rejected.
 *
 * @param codes how many of each code
 * @param rows the first of them
 */
record FailureSection(long total, Map<String, Long> codes, List<Failed> rows) {
  private static final int MOST = 100;
  private static final int LONGEST = 400;

  /** A row of {@code failures}, cut where it is long. */
  record Failed(String source, String item, String code, String message) {
    private static Failed of(TableRow row) {
      return new Failed(
          Shown.text(row.text("source"), LONGEST),
          Shown.text(row.text("item"), LONGEST),
          row.text("code"),
          Shown.text(row.text("message"), LONGEST));
    }
  }

  /** What failed; null if the run did not write the table. */
  static FailureSection of(RunTables tables) {
    if (!tables.has(Table.FAILURES)) {
      return null;
    }
    Map<String, Long> codes = new TreeMap<>();
    List<Failed> rows = new ArrayList<>();
    tables.each(
        Table.FAILURES,
        row -> {
          codes.merge(row.text("code"), 1L, Long::sum);
          if (rows.size() < MOST) {
            rows.add(Failed.of(row));
          }
        });
    return new FailureSection(
        codes.values().stream().mapToLong(Long::longValue).sum(), codes, rows);
  }
}
