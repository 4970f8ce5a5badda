package io.assay.datasets.reader;

import io.assay.datasets.DataErrorCode;
import io.assay.datasets.DataException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;

/** Chooses the reader of a stream; knows nothing of files, so that any storage can be added. */
final class RecordSources {
  private static final int BUFFER = 1 << 16;

  private RecordSources() {}

  /**
   * @param name what the stream is called: its extensions tell compression and format
   * @param in its bytes, closed with the result and on failure
   */
  static RecordSource open(String name, InputStream in, ReadOptions options, int maxBytes)
      throws IOException {
    InputStream plain = new BufferedInputStream(Compression.open(name, in), BUFFER);
    try {
      Format format = options.format().of(name);
      return switch (format) {
        case JSON ->
            options.records().isEmpty()
                ? json(plain, maxBytes)
                : NestedJson.records(plain, options.records(), maxBytes);
        case CSV, TSV ->
            new DelimitedRecords(
                plain,
                maxBytes,
                options.delimiter() != null
                    ? options.delimiter()
                    : format == Format.TSV ? '\t' : ',',
                options.columns());
        case TEXT -> new TextLines(plain, maxBytes);
        case DOCUMENT -> new WholeFile(plain, maxBytes);
        case PARQUET ->
            throw new IOException("a Parquet file cannot be read from a stream of bytes");
        case AUTO -> throw new IllegalStateException("AUTO is resolved by Format.of");
      };
    } catch (IOException | RuntimeException e) {
      plain.close();
      throw e;
    }
  }

  /** An array if the first character is a bracket, else one object a line. */
  private static RecordSource json(InputStream in, int maxBytes) throws IOException {
    in.mark(BUFFER);
    long line = 1;
    for (int i = 0; i < BUFFER - 1; i++) {
      int b = in.read();
      if (b == '[') {
        return new JsonArray(in, maxBytes, line);
      }
      line += b == '\n' ? 1 : 0;
      boolean mark = i < 3 && (b == 0xEF || b == 0xBB || b == 0xBF);
      if (!mark && b != ' ' && b != '\t' && b != '\r' && b != '\n') {
        break;
      }
    }
    in.reset();
    return new JsonLines(in, maxBytes);
  }

  static DataException unreadable(String name, IOException e) {
    return new DataException(
        DataErrorCode.FILE_NOT_FOUND,
        name + " cannot be read: " + (e.getMessage() == null ? e.toString() : e.getMessage()),
        e);
  }
}
