package io.assay.datasets.reader;

import java.io.IOException;
import java.io.InputStream;
import java.util.Map;

/** The whole file is one document. */
final class WholeFile implements RecordSource {
  private final InputStream in;
  private final int maxBytes;
  private boolean done;

  WholeFile(InputStream in, int maxBytes) {
    this.in = in;
    this.maxBytes = maxBytes;
  }

  @Override
  public Row next() throws IOException {
    if (done) {
      return null;
    }
    done = true;
    byte[] bytes = in.readNBytes(maxBytes + 1);
    if (bytes.length > maxBytes) {
      return Row.tooLong(1, maxBytes);
    }
    String text = Utf8.decode(bytes);
    return text == null ? Row.notUtf8(1) : Row.good(1, Map.of("text", Utf8.withoutMark(text)));
  }

  @Override
  public long line() {
    return 1;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
