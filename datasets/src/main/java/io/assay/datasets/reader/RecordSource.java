package io.assay.datasets.reader;

import io.assay.datasets.DataErrorCode;
import java.io.Closeable;
import java.io.IOException;
import java.util.Map;

/** Records of one file, good and bad, in order. */
public interface RecordSource extends Closeable {
  /** The next record, null at the end; an {@link IOException} ends the file. */
  Row next() throws IOException;

  /** Line reached, for the report of a file that cannot be read on. */
  long line();

  /**
   * One record.
   *
   * @param line its first line, from 1
   * @param fields its values, null if it is bad
   * @param code what is wrong, null if it is good
   * @param message what is wrong, null if it is good
   */
  record Row(long line, Map<String, Object> fields, DataErrorCode code, String message) {
    /** A record that could be read. */
    public static Row good(long line, Map<String, Object> fields) {
      return new Row(line, fields, null, null);
    }

    /** A record that could not. */
    public static Row bad(long line, DataErrorCode code, String message) {
      return new Row(line, null, code, message);
    }

    static Row notUtf8(long line) {
      return bad(
          line,
          DataErrorCode.NOT_UTF8,
          "line " + line + " is not valid UTF-8; convert the file to UTF-8");
    }

    static Row tooLong(long line, int maxBytes) {
      return bad(
          line,
          DataErrorCode.DOCUMENT_INVALID,
          "the record at line " + line + " is longer than the " + maxBytes + " bytes allowed");
    }
  }
}
