package io.assay.job.table;

import io.assay.job.InputException;
import java.io.IOException;
import java.util.function.Consumer;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.filter2.compat.FilterCompat;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.hadoop.example.GroupReadSupport;

/** Reads a table of a run row by row, without Spark: not for tables as large as samples. */
final class TableReader {
  private TableReader() {}

  /**
   * Hands over every row that passes, in no particular order.
   *
   * @param id the run, for messages
   * @param remedy what to do if the table is not there, for the message
   * @throws InputException if the table is not there or cannot be read
   */
  static void read(
      RunFolders run,
      String id,
      Table table,
      String remedy,
      FilterCompat.Filter filter,
      Consumer<Group> rows) {
    String name = table.folder();
    try {
      if (!run.files().exists(run.folder(table))) {
        throw new InputException("run %s has no table %s; %s".formatted(id, name, remedy));
      }
      try (ParquetReader<Group> reader =
          ParquetReader.builder(new GroupReadSupport(), run.folder(table))
              .withConf(run.configuration())
              .withFilter(filter)
              .build()) {
        for (Group row = reader.read(); row != null; row = reader.read()) {
          rows.accept(row);
        }
      }
    } catch (InputException e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      throw new InputException(
          "the table %s of run %s cannot be read: %s; run it again"
              .formatted(name, id, RunFolders.firstLine(e)),
          e);
    }
  }

  /** Text of a column that may be null. */
  static String text(Group row, String column) {
    return row.getFieldRepetitionCount(column) == 0 ? null : row.getString(column, 0);
  }
}
