package io.assay.datasets.reader;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.List;

/** Records of a JSON file whose array of records lies deeper, behind keys of objects. */
final class NestedJson {
  private NestedJson() {}

  /**
   * The elements of the array at {@code keys}; what stands around it is passed over, what follows
   * it is not read.
   *
   * @param keys outermost first
   * @throws IOException if there is no such array
   */
  static RecordSource records(InputStream in, List<String> keys, int maxBytes) throws IOException {
    // Not closed: its bytes are handed on.
    JsonParser parser = JsonRecords.FACTORY.createParser(in);
    parser.nextToken();
    for (int depth = 0; depth < keys.size(); depth++) {
      if (parser.currentToken() != JsonToken.START_OBJECT || !enter(parser, keys.get(depth))) {
        throw missing(keys, depth + 1, "no such key");
      }
    }
    if (parser.currentToken() != JsonToken.START_ARRAY) {
      throw missing(keys, keys.size(), "no array there");
    }
    int line = parser.currentTokenLocation().getLineNr();
    ByteArrayOutputStream read = new ByteArrayOutputStream();
    parser.releaseBuffered(read);
    InputStream rest = new SequenceInputStream(new ByteArrayInputStream(read.toByteArray()), in);
    return new JsonArray(rest, maxBytes, line);
  }

  /** Moves to the value of a key of the object the parser is at. */
  private static boolean enter(JsonParser parser, String key) throws IOException {
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      boolean found = parser.currentName().equals(key);
      parser.nextToken();
      if (found) {
        return true;
      }
      parser.skipChildren();
    }
    return false;
  }

  private static IOException missing(List<String> keys, int depth, String what) {
    return new IOException(
        "records are looked for at "
            + String.join(".", keys)
            + ", the file has "
            + what
            + (depth == keys.size() ? "" : ": " + keys.get(depth - 1)));
  }
}
