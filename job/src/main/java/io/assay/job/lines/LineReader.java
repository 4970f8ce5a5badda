package io.assay.job.lines;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;

/** Splits a stream into lines at {@code \n}; a longer line than allowed is skipped, not kept. */
final class LineReader {
  /** Far above any model's context, far below what harms the heap. */
  static final int MAX_LINE_BYTES = 32 << 20;

  private final InputStream in;
  private long number;

  /**
   * @param in buffered
   */
  LineReader(InputStream in) {
    this.in = in;
  }

  /** The next line, null at the end. */
  RawLine next() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    boolean tooLong = false;
    boolean any = false;
    for (int b = in.read(); b >= 0; b = in.read()) {
      any = true;
      if (b == '\n') {
        break;
      }
      if (line.size() == MAX_LINE_BYTES) {
        tooLong = true;
        line.reset();
      }
      if (!tooLong) {
        line.write(b);
      }
    }
    if (!any) {
      return null;
    }
    number++;
    return new RawLine(number, tooLong ? null : line.toByteArray());
  }
}
