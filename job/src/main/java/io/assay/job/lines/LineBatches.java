package io.assay.job.lines;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Takes lines in batches that are large enough for the engine and small enough for the heap. */
final class LineBatches {
  private static final int LINES = 256;
  private static final int BYTES = 2 << 20;

  private LineBatches() {}

  /** Hears every batch, in order. */
  @FunctionalInterface
  interface Batch {
    void answer(List<InputLine> lines) throws IOException;
  }

  /**
   * Reads to the end.
   *
   * @param parser gives null for lines that hold nothing
   */
  static void each(LineReader reader, Function<RawLine, InputLine> parser, Batch batch)
      throws IOException {
    List<InputLine> lines = new ArrayList<>();
    long bytes = 0;
    for (RawLine raw = reader.next(); raw != null; raw = reader.next()) {
      InputLine line = parser.apply(raw);
      if (line == null) {
        continue;
      }
      lines.add(line);
      bytes += raw.bytes() == null ? 0 : raw.bytes().length;
      if (lines.size() == LINES || bytes >= BYTES) {
        batch.answer(lines);
        lines.clear();
        bytes = 0;
      }
    }
    if (!lines.isEmpty()) {
      batch.answer(lines);
    }
  }
}
