package io.assay.datasets.transform;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * {@code explode}: the records listed in a column become the documents, for files that wrap them in
 * one object.
 *
 * @param column holds a list of mappings; the other columns are dropped
 */
public record Explode(String column) implements DocumentTransform {
  @Override
  public List<Map<String, Object>> apply(Map<String, Object> document) {
    if (!(document.get(column) instanceof List<?> records)) {
      throw Columns.wrong(document, column, "explode", "a list of records");
    }
    List<Map<String, Object>> documents = new ArrayList<>();
    for (Object record : records) {
      if (!(record instanceof Map<?, ?> values)) {
        throw Columns.wrong(document, column, "explode", "a list of records");
      }
      Map<String, Object> fields = new LinkedHashMap<>();
      values.forEach((name, value) -> fields.put((String) name, value));
      documents.add(fields);
    }
    return documents;
  }
}
