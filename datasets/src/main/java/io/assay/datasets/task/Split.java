package io.assay.datasets.task;

import io.assay.datasets.BadRecord;
import io.assay.datasets.Document;
import io.assay.datasets.reader.DocumentReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * One split of a data set in memory: types and columns depend on all of its records.
 *
 * @param rows records that could be read
 * @param columns names of all columns
 */
record Split(List<Row> rows, Set<String> columns) {
  /**
   * A record or what became of it.
   *
   * @param index position in the split, counting bad records too
   * @param source file
   * @param line where it begins there, from 1
   * @param fields values, null if the record is bad
   * @param bad what is wrong, null if nothing is
   */
  record Row(int index, String source, long line, Map<String, Object> fields, BadRecord bad) {}

  static Split read(DataFiles files, String name) {
    List<Row> read = new ArrayList<>();
    try (Stream<Document> documents =
        DocumentReader.read(
            files.splits().get(name),
            files.options(),
            bad -> read.add(new Row(read.size(), bad.source(), bad.item(), null, bad)))) {
      documents.forEach(
          d -> read.add(new Row(read.size(), d.source(), d.line(), d.fields(), null)));
    }
    List<Row> good = read.stream().filter(row -> row.bad == null).toList();
    List<Map<String, Object>> fields = good.stream().map(Row::fields).toList();
    Set<String> columns = ColumnTypes.columns(fields);
    List<Map<String, Object>> unified = ColumnTypes.unify(fields, columns, files.typed());
    for (int i = 0; i < good.size(); i++) {
      Row row = good.get(i);
      read.set(row.index, new Row(row.index, row.source, row.line, unified.get(i), null));
    }
    return new Split(List.copyOf(read), columns);
  }

  /** Fields of the good records. */
  List<Map<String, Object>> documents() {
    return rows.stream().filter(row -> row.bad == null).map(Row::fields).toList();
  }
}
