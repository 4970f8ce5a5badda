package io.assay.job.table;

import static org.apache.parquet.filter2.predicate.FilterApi.and;
import static org.apache.parquet.filter2.predicate.FilterApi.binaryColumn;
import static org.apache.parquet.filter2.predicate.FilterApi.eq;
import static org.apache.parquet.filter2.predicate.FilterApi.in;

import io.assay.job.InputException;
import io.assay.job.table.DocumentValueTable.Contribution;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.parquet.filter2.compat.FilterCompat;
import org.apache.parquet.io.api.Binary;

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
   * What documents contributed to a metric, by their ids.
   *
   * @throws InputException if the table is not there or cannot be read
   */
  public SortedMap<String, Contribution> documents(MetricTable.Key metric) {
    return DocumentValueTable.read(run, id, metric);
  }

  /**
   * Domains of a few documents, by their ids; samples lie source by source, so that those of other
   * tasks are not read.
   *
   * @param task whose documents they are
   */
  public Map<String, String> domains(String task, Set<String> documents) {
    Map<String, String> domains = new HashMap<>();
    if (has(Table.SAMPLES)) {
      Set<Binary> ids = documents.stream().map(Binary::fromString).collect(Collectors.toSet());
      TableReader.read(
          run,
          id,
          Table.SAMPLES,
          "run it again",
          FilterCompat.get(
              and(
                  eq(binaryColumn("task"), Binary.fromString(task)),
                  in(binaryColumn("doc_id"), ids))),
          row -> domains.put(row.getString("doc_id", 0), row.getString("domain", 0)));
    }
    return domains;
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
