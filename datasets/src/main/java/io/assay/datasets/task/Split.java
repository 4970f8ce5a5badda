package io.assay.datasets.task;

import io.assay.datasets.BadRecord;
import io.assay.datasets.DataException;
import io.assay.datasets.Document;
import io.assay.datasets.reader.DocumentReader;
import io.assay.datasets.transform.DocumentTransform;
import java.util.ArrayList;
import java.util.Iterator;
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

  /**
   * @param transforms applied in order, once the types of the columns are known
   * @throws io.assay.datasets.DataException FILE_NOT_FOUND
   */
  static Split read(DataFiles files, String name, List<DocumentTransform> transforms) {
    List<Row> read = new ArrayList<>();
    try (Stream<Document> documents =
        DocumentReader.read(
            files.files(),
            files.require(name),
            files.options(),
            bad -> read.add(bad(read.size(), bad)))) {
      documents.forEach(
          d -> read.add(new Row(read.size(), d.source(), d.line(), d.fields(), null)));
    }
    List<Row> rows = typed(read, files.typed());
    for (DocumentTransform transform : transforms) {
      rows = transformed(rows, transform);
    }
    List<Map<String, Object>> fields = documents(rows);
    return new Split(List.copyOf(rows), ColumnTypes.columns(fields));
  }

  private static Row bad(int index, BadRecord bad) {
    return new Row(index, bad.source(), bad.item(), null, bad);
  }

  private static List<Row> typed(List<Row> rows, boolean cells) {
    List<Map<String, Object>> fields = documents(rows);
    Iterator<Map<String, Object>> unified =
        ColumnTypes.unify(fields, ColumnTypes.columns(fields), cells).iterator();
    return rows.stream()
        .map(
            row ->
                row.bad == null
                    ? new Row(row.index, row.source, row.line, unified.next(), null)
                    : row)
        .toList();
  }

  private static List<Row> transformed(List<Row> rows, DocumentTransform transform) {
    List<Row> made = new ArrayList<>();
    for (Row row : rows) {
      if (row.bad != null) {
        made.add(bad(made.size(), row.bad));
        continue;
      }
      try {
        for (Map<String, Object> document : transform.apply(row.fields)) {
          made.add(new Row(made.size(), row.source, row.line, document, null));
        }
      } catch (DataException e) {
        made.add(bad(made.size(), new BadRecord(row.source, row.line, e.code(), e.getMessage())));
      }
    }
    return made;
  }

  /** Fields of the good records. */
  List<Map<String, Object>> documents() {
    return documents(rows);
  }

  private static List<Map<String, Object>> documents(List<Row> rows) {
    return rows.stream().filter(row -> row.bad == null).map(Row::fields).toList();
  }
}
