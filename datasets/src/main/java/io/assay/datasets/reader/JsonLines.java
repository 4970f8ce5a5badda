package io.assay.datasets.reader;

import java.io.IOException;
import java.io.InputStream;

/** One JSON object a line; blank lines are no records. */
final class JsonLines implements RecordSource {
  private final RawLines lines;
  private final int maxBytes;

  JsonLines(InputStream in, int maxBytes) {
    this.lines = new RawLines(in, maxBytes);
    this.maxBytes = maxBytes;
  }

  @Override
  public Row next() throws IOException {
    for (RawLines.Line line = lines.next(); line != null; line = lines.next()) {
      if (line.tooLong()) {
        return Row.tooLong(line.number(), maxBytes);
      }
      String text = Utf8.decode(line.bytes());
      if (text == null) {
        return Row.notUtf8(line.number());
      }
      text = line.number() == 1 ? Utf8.withoutMark(text) : text;
      if (!text.isBlank()) {
        return JsonRecords.row(line.number(), text);
      }
    }
    return null;
  }

  @Override
  public long line() {
    return lines.number();
  }

  @Override
  public void close() throws IOException {
    lines.close();
  }
}
