package io.assay.datasets.task;

import java.math.BigInteger;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * One type for each column, as the loaders of Hugging Face give it: a column that a record lacks is
 * null there, whole numbers beside fractions are fractions, and the cells of a CSV column that are
 * all numbers (or all booleans) are such, empty cells being null.
 */
final class ColumnTypes {
  private static final Pattern INTEGER = Pattern.compile("[+-]?[0-9]{1,400}");
  private static final Pattern DECIMAL =
      Pattern.compile("[+-]?([0-9]{1,400}\\.?[0-9]{0,400}|\\.[0-9]{1,400})([eE][+-]?[0-9]{1,3})?");
  private static final Pattern BOOLEAN = Pattern.compile("True|False|TRUE|FALSE|true|false");

  /** Cells pandas reads as missing. */
  private static final Set<String> MISSING =
      Set.of(
          "",
          "#N/A",
          "#N/A N/A",
          "#NA",
          "-1.#IND",
          "-1.#QNAN",
          "-NaN",
          "-nan",
          "1.#IND",
          "1.#QNAN",
          "<NA>",
          "N/A",
          "NA",
          "NULL",
          "NaN",
          "None",
          "n/a",
          "nan",
          "null");

  private ColumnTypes() {}

  /** Names of all columns in the order of their first appearance. */
  static Set<String> columns(List<Map<String, Object>> rows) {
    Set<String> columns = new LinkedHashSet<>();
    rows.forEach(row -> columns.addAll(row.keySet()));
    return columns;
  }

  /**
   * The rows with every column and one type in each.
   *
   * @param cells values are texts of a CSV file
   */
  static List<Map<String, Object>> unify(
      List<Map<String, Object>> rows, Set<String> columns, boolean cells) {
    List<Map<String, Object>> unified =
        rows.stream().<Map<String, Object>>map(row -> new LinkedHashMap<>()).toList();
    for (String column : columns) {
      Kind kind = cells ? cellKind(rows, column) : valueKind(rows, column);
      for (int i = 0; i < rows.size(); i++) {
        unified.get(i).put(column, kind.convert(rows.get(i).get(column)));
      }
    }
    return unified;
  }

  private enum Kind {
    AS_IS,
    FRACTIONS,
    CELL_TEXT,
    CELL_INTEGER,
    CELL_FRACTION,
    CELL_BOOLEAN;

    private Object convert(Object value) {
      if (value == null || (name().startsWith("CELL") && MISSING.contains((String) value))) {
        return null;
      }
      return switch (this) {
        case AS_IS, CELL_TEXT -> value;
        case FRACTIONS -> ((Number) value).doubleValue();
        case CELL_INTEGER -> integer((String) value);
        case CELL_FRACTION -> Double.valueOf((String) value);
        case CELL_BOOLEAN -> Boolean.valueOf((String) value);
      };
    }

    private static Object integer(String digits) {
      BigInteger number = new BigInteger(digits);
      return number.bitLength() < Long.SIZE ? (Object) number.longValue() : number;
    }
  }

  private static Kind valueKind(List<Map<String, Object>> rows, String column) {
    boolean numbers =
        rows.stream().map(r -> r.get(column)).allMatch(v -> v == null || v instanceof Number);
    boolean fraction = rows.stream().anyMatch(r -> r.get(column) instanceof Double);
    return numbers && fraction ? Kind.FRACTIONS : Kind.AS_IS;
  }

  private static Kind cellKind(List<Map<String, Object>> rows, String column) {
    boolean missing = rows.stream().anyMatch(r -> MISSING.contains(cell(r, column)));
    if (all(rows, column, INTEGER.asMatchPredicate())) {
      // pandas has no missing whole numbers: a gap makes the column one of fractions.
      return missing ? Kind.CELL_FRACTION : Kind.CELL_INTEGER;
    }
    if (all(rows, column, DECIMAL.asMatchPredicate())) {
      return Kind.CELL_FRACTION;
    }
    return !missing && all(rows, column, BOOLEAN.asMatchPredicate())
        ? Kind.CELL_BOOLEAN
        : Kind.CELL_TEXT;
  }

  private static boolean all(
      List<Map<String, Object>> rows, String column, Predicate<String> test) {
    boolean any = false;
    for (Map<String, Object> row : rows) {
      String cell = cell(row, column);
      if (!MISSING.contains(cell)) {
        any = true;
        if (!test.test(cell)) {
          return false;
        }
      }
    }
    return any;
  }

  private static String cell(Map<String, Object> row, String column) {
    return row.get(column) instanceof String text ? text : "";
  }
}
