package io.assay.datasets.transform;

import io.assay.datasets.DataErrorCode;
import io.assay.datasets.DataException;
import io.assay.datasets.template.PythonText;
import java.util.LinkedHashMap;
import java.util.Map;

/** Values of a document by column, for the steps of this package. */
final class Columns {
  private Columns() {}

  /** The text at {@code column}. */
  static String text(Map<String, Object> document, String column, String function) {
    if (document.get(column) instanceof String text) {
      return text;
    }
    throw wrong(document, column, function, "a text");
  }

  /** The document with another value at {@code column}, which is added if it is not there. */
  static Map<String, Object> with(Map<String, Object> document, String column, Object value) {
    Map<String, Object> changed = new LinkedHashMap<>(document);
    changed.put(column, value);
    return changed;
  }

  static DataException wrong(
      Map<String, Object> document, String column, String function, String wanted) {
    String found =
        document.containsKey(column)
            ? "'" + shortened(PythonText.str(document.get(column))) + "'"
            : "the columns " + document.keySet();
    return new DataException(
        DataErrorCode.DOCUMENT_INVALID,
        "transform '%s' needs %s in the column '%s', the document has %s; correct the data"
            .formatted(function, wanted, column, found));
  }

  private static String shortened(String text) {
    return text.length() > 80 ? text.substring(0, 80) + "..." : text;
  }
}
