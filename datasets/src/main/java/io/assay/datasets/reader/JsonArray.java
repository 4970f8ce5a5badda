package io.assay.datasets.reader;

import io.assay.datasets.DataErrorCode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * Elements of one big JSON array. The array is cut at its top-level commas before anything is
 * parsed, so that a bad element does not take the rest of the file with it and memory holds one
 * element at a time.
 */
final class JsonArray implements RecordSource {
  private final InputStream in;
  private final int maxBytes;
  private long line = 1;
  private boolean finished;

  /**
   * @param in positioned after the opening bracket, which stood on {@code line}
   */
  JsonArray(InputStream in, int maxBytes, long line) {
    this.in = in;
    this.maxBytes = maxBytes;
    this.line = line;
  }

  @Override
  public Row next() throws IOException {
    if (finished) {
      return null;
    }
    ByteArrayOutputStream element = new ByteArrayOutputStream();
    long start = line;
    int depth = 0;
    boolean inText = false;
    boolean escaped = false;
    boolean tooLong = false;
    boolean any = false;
    while (true) {
      int b = in.read();
      if (b < 0) {
        finished = true;
        return Row.bad(
            start,
            DataErrorCode.DOCUMENT_INVALID,
            "the array of records ends without its closing bracket after line " + start);
      }
      if (inText) {
        inText = escaped || b != '"';
        escaped = !escaped && b == '\\';
      } else if (depth == 0 && (b == ',' || b == ']')) {
        finished = b == ']';
        if (tooLong) {
          return Row.tooLong(start, maxBytes);
        }
        if (any || !finished) {
          return row(start, element.toByteArray());
        }
        return null;
      } else if (b == '"') {
        inText = true;
      } else if (b == '{' || b == '[') {
        depth++;
      } else if (b == '}' || b == ']') {
        depth--;
      }
      boolean space = !any && (b == ' ' || b == '\t' || b == '\r' || b == '\n');
      line += b == '\n' ? 1 : 0;
      if (space) {
        start = line;
        continue;
      }
      any = true;
      if (element.size() < maxBytes) {
        element.write(b);
      } else {
        tooLong = true;
      }
    }
  }

  private static Row row(long start, byte[] bytes) {
    String text = Utf8.decode(bytes);
    return text == null ? Row.notUtf8(start) : JsonRecords.row(start, text);
  }

  @Override
  public long line() {
    return line;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
