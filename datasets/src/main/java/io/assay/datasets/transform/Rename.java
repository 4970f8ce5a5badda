package io.assay.datasets.transform;

import io.assay.datasets.DataErrorCode;
import io.assay.datasets.DataException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * {@code rename}: gives columns other names, in place. Names that are no identifiers cannot be
 * written in a template.
 *
 * @param columns new names by old ones
 */
public record Rename(Map<String, String> columns) implements DocumentTransform {
  @Override
  public List<Map<String, Object>> apply(Map<String, Object> document) {
    columns.forEach(
        (from, to) -> {
          if (!document.containsKey(from)) {
            throw invalid("the data has no column '" + from + "', it has " + document.keySet());
          }
          if (document.containsKey(to) && !columns.containsKey(to)) {
            throw invalid("the data has a column '" + to + "' already");
          }
        });
    Map<String, Object> renamed = new LinkedHashMap<>();
    document.forEach((column, value) -> renamed.put(columns.getOrDefault(column, column), value));
    return List.of(renamed);
  }

  private static DataException invalid(String found) {
    return new DataException(
        DataErrorCode.DOCUMENT_INVALID, "transform 'rename': " + found + "; correct columns");
  }
}
