package io.assay.datasets.reader;

import java.io.IOException;
import java.io.InputStream;
import java.util.Map;

/** Every line is a document, empty ones too (as the {@code text} loader of Hugging Face has it). */
final class TextLines implements RecordSource {
  private final RawLines lines;
  private final int maxBytes;

  TextLines(InputStream in, int maxBytes) {
    this.lines = new RawLines(in, maxBytes);
    this.maxBytes = maxBytes;
  }

  @Override
  public Row next() throws IOException {
    RawLines.Line line = lines.next();
    if (line == null) {
      return null;
    }
    if (line.tooLong()) {
      return Row.tooLong(line.number(), maxBytes);
    }
    String text = Utf8.decode(line.bytes());
    if (text == null) {
      return Row.notUtf8(line.number());
    }
    return Row.good(
        line.number(), Map.of("text", line.number() == 1 ? Utf8.withoutMark(text) : text));
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
