package io.assay.job.run;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Row;

/** Rows of a table by the names of their columns, as programs that watch a run are told them. */
final class RowValues {
  private RowValues() {}

  /** Each row as a map; what is not a number is null, since JSON has no word for it. */
  static List<Map<String, Object>> of(List<Row> rows) {
    List<Map<String, Object>> all = new ArrayList<>(rows.size());
    for (Row row : rows) {
      Map<String, Object> values = new LinkedHashMap<>();
      for (int column = 0; column < row.size(); column++) {
        Object value = row.get(column);
        boolean finite = !(value instanceof Double number) || Double.isFinite(number);
        values.put(row.schema().fieldNames()[column], finite ? value : null);
      }
      all.add(values);
    }
    return all;
  }
}
