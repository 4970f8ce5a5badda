package io.assay.job.ml;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.assay.job.lines.InputLine;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.spark.sql.Row;
import scala.jdk.javaapi.CollectionConverters;

/** What stands in a row, for those who ask lines. */
final class Cells {
  /** Id of a row whose answer does not depend on one. */
  static final JsonNode NO_ID = MissingNode.getInstance();

  private Cells() {}

  /** What becomes of a row with nothing in a column it needs. */
  static InputLine missing(String column) {
    return new InputLine.Bad(NO_ID, "FIELD_MISSING", "column " + column + " is null");
  }

  /** Characters of all texts in a value. */
  static long characters(Object value) {
    return switch (value) {
      case String text -> text.length();
      case Row struct ->
          IntStream.range(0, struct.length()).mapToLong(i -> characters(struct.get(i))).sum();
      case scala.collection.Map<?, ?> map ->
          CollectionConverters.asJava(map).values().stream().mapToLong(Cells::characters).sum();
      case scala.collection.Seq<?> list ->
          CollectionConverters.asJava(list).stream().mapToLong(Cells::characters).sum();
      case null, default -> 0;
    };
  }

  /** A value as a JSON reader gives it: lists, and maps without the fields that hold nothing. */
  static Object plain(Object value) {
    return switch (value) {
      case null -> null;
      case Row struct -> fields(struct);
      case scala.collection.Map<?, ?> map -> {
        Map<String, Object> plain = new LinkedHashMap<>();
        CollectionConverters.asJava(map)
            .forEach((key, inner) -> plain.put(String.valueOf(key), plain(inner)));
        yield plain;
      }
      case scala.collection.Seq<?> list -> {
        List<Object> plain = new ArrayList<>();
        CollectionConverters.asJava(list).forEach(inner -> plain.add(plain(inner)));
        yield plain;
      }
      default -> value;
    };
  }

  private static Map<String, Object> fields(Row struct) {
    Map<String, Object> plain = new LinkedHashMap<>();
    for (int i = 0; i < struct.length(); i++) {
      if (!struct.isNullAt(i)) {
        plain.put(struct.schema().fieldNames()[i], plain(struct.get(i)));
      }
    }
    return plain;
  }
}
