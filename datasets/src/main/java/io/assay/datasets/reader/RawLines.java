package io.assay.datasets.reader;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/**
 * Lines of a stream as bytes; LF, CRLF and CR end them, as in Python. A line longer than the bound
 * is skipped and reported, so that memory never depends on what a file holds.
 */
final class RawLines implements Closeable {
  private static final int BUFFER = 1 << 16;

  /**
   * One line.
   *
   * @param number from 1
   * @param bytes without its end; empty if too long
   * @param ending the line's end as it stood: {@code "\n"}, {@code "\r\n"}, {@code "\r"} or nothing
   *     at the end of the file
   * @param tooLong the line passed the bound and was skipped
   */
  record Line(long number, byte[] bytes, String ending, boolean tooLong) {}

  private final InputStream in;
  private final int maxBytes;
  private final byte[] buffer = new byte[BUFFER];
  private int at;
  private int limit;
  private long number;

  RawLines(InputStream in, int maxBytes) {
    this.in = in;
    this.maxBytes = maxBytes;
  }

  /** The next line, null at the end. */
  Line next() throws IOException {
    byte[] line = new byte[256];
    int length = 0;
    boolean tooLong = false;
    boolean any = false;
    String ending = "";
    while (ending.isEmpty() && fill()) {
      any = true;
      int end = at;
      while (end < limit && buffer[end] != '\n' && buffer[end] != '\r') {
        end++;
      }
      int size = end - at;
      if (tooLong || length + size > maxBytes) {
        tooLong = true;
      } else {
        if (length + size > line.length) {
          line = Arrays.copyOf(line, Math.max(length + size, Math.min(2 * line.length, maxBytes)));
        }
        System.arraycopy(buffer, at, line, length, size);
        length += size;
      }
      at = end;
      if (end < limit) {
        ending = ending();
      }
    }
    if (!any) {
      return null;
    }
    number++;
    return new Line(number, tooLong ? new byte[0] : Arrays.copyOf(line, length), ending, tooLong);
  }

  /** Passes over the end of a line. */
  private String ending() throws IOException {
    if (buffer[at++] == '\n') {
      return "\n";
    }
    if (fill() && buffer[at] == '\n') {
      at++;
      return "\r\n";
    }
    return "\r";
  }

  /** Number of the last line handed out. */
  long number() {
    return number;
  }

  private boolean fill() throws IOException {
    if (at < limit) {
      return true;
    }
    at = 0;
    limit = Math.max(0, in.read(buffer));
    return limit > 0;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
