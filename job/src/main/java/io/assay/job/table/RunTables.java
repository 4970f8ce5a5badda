package io.assay.job.table;

import io.assay.job.InputException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.parquet.filter2.compat.FilterCompat;

/**
 * The tables of one run for readers that take what is there: a table that the run did not write has
 * no rows. Needs no Spark session.
 */
public final class RunTables {
  private final RunFolders run;
  private final String id;

  /**
   * @param id of the run, for messages
   */
  public RunTables(RunFolders run, String id) {
    this.run = run;
    this.id = id;
  }

  /** The run's id. */
  public String id() {
    return id;
  }

  /** Whether the run wrote the table. */
  public boolean has(Table table) {
    try {
      return run.files().exists(run.folder(table));
    } catch (IOException e) {
      throw new InputException(
          "the table %s of run %s cannot be read: %s"
              .formatted(table.folder(), id, RunFolders.firstLine(e)),
          e);
    }
  }

  /**
   * Hands over every row, in no particular order.
   *
   * @throws InputException if the table is there and cannot be read
   */
  public void each(Table table, Consumer<TableRow> rows) {
    if (has(table)) {
      TableReader.read(
          run,
          id,
          table,
          "run it again",
          FilterCompat.NOOP,
          group -> rows.accept(new TableRow(group)));
    }
  }

  /**
   * All rows of a small table, in the order they were written.
   *
   * @throws InputException if the table is there and cannot be read
   */
  public <T> List<T> list(Table table, Function<TableRow, T> row) {
    List<T> rows = new ArrayList<>();
    each(table, found -> rows.add(row.apply(found)));
    return rows;
  }
}
