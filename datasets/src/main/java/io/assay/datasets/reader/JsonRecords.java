package io.assay.datasets.reader;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import io.assay.datasets.DataErrorCode;
import io.assay.datasets.reader.RecordSource.Row;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** One JSON object as a record: Long, BigInteger, Double, String, Boolean, List, Map or null. */
final class JsonRecords {
  private static final int MAX_DEPTH = 200;
  private static final int MAX_NUMBER = 1000;
  private static final int SHOWN = 120;

  /** What the parser adds for those who program with it. */
  private static final Pattern ASIDE =
      Pattern.compile(
          "( \\(start marker at|: expected a valid value \\(|: maybe a \\(|: was expecting \\(|\n).*",
          Pattern.DOTALL);

  static final JsonFactory FACTORY =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(MAX_DEPTH)
                  .maxNumberLength(MAX_NUMBER)
                  .maxStringLength(DocumentReader.MAX_RECORD_BYTES)
                  .maxNameLength(100_000)
                  .build())
          // Python's json module writes NaN and Infinity, and data sets hold them.
          .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
          .build();

  private JsonRecords() {}

  /** The record at {@code line} written as {@code text}. */
  static Row row(long line, String text) {
    try (JsonParser parser = FACTORY.createParser(text)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        return bad(line, "is not an object {...}");
      }
      Map<String, Object> fields = object(parser);
      return parser.nextToken() == null
          ? Row.good(line, fields)
          : bad(line, "goes on after its object");
    } catch (LoneSurrogate e) {
      return bad(line, "holds half of a surrogate pair, which is no text");
    } catch (JsonProcessingException e) {
      String reason = ASIDE.matcher(e.getOriginalMessage()).replaceFirst("");
      return bad(
          line,
          "is not JSON at column "
              + (e.getLocation() == null ? 0 : e.getLocation().getColumnNr())
              + ": "
              + (reason.length() > SHOWN ? reason.substring(0, SHOWN) + "..." : reason));
    } catch (IOException e) {
      return bad(line, "cannot be read: " + e.getMessage());
    }
  }

  private static Row bad(long line, String what) {
    return Row.bad(line, DataErrorCode.DOCUMENT_INVALID, "the record at line " + line + " " + what);
  }

  private static Object value(JsonParser parser) throws IOException {
    return switch (parser.currentToken()) {
      case START_OBJECT -> object(parser);
      case START_ARRAY -> {
        List<Object> list = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
          list.add(value(parser));
        }
        yield list;
      }
      case VALUE_STRING -> text(parser.getText());
      case VALUE_NUMBER_INT ->
          parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER
              ? parser.getBigIntegerValue()
              : (Object) parser.getLongValue();
      case VALUE_NUMBER_FLOAT -> parser.getDoubleValue();
      case VALUE_TRUE -> Boolean.TRUE;
      case VALUE_FALSE -> Boolean.FALSE;
      case VALUE_NULL -> null;
      default -> throw new IOException("unexpected " + parser.currentToken());
    };
  }

  private static Map<String, Object> object(JsonParser parser) throws IOException {
    Map<String, Object> map = new LinkedHashMap<>();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String name = text(parser.currentName());
      parser.nextToken();
      map.put(name, value(parser));
    }
    return map;
  }

  private static String text(String text) throws LoneSurrogate {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isSurrogate(c)) {
        boolean pair =
            Character.isHighSurrogate(c)
                && i + 1 < text.length()
                && Character.isLowSurrogate(text.charAt(i + 1));
        if (!pair) {
          throw new LoneSurrogate();
        }
        i++;
      }
    }
    return text;
  }

  /** An escaped surrogate without its other half: it has no UTF-8 form. */
  private static final class LoneSurrogate extends IOException {
    private static final long serialVersionUID = 1L;
  }
}
