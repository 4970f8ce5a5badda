package io.assay.job.lines;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Takes lines in batches that are large enough for the engine and small enough for the heap. */
final class LineBatches {
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
    BatchBounds bounds = new BatchBounds();
    for (RawLine raw = reader.next(); raw != null; raw = reader.next()) {
      InputLine line = parser.apply(raw);
      if (line == null) {
        continue;
      }
      lines.add(line);
      if (bounds.filledBy(raw.bytes() == null ? 0 : raw.bytes().length)) {
        batch.answer(lines);
        lines.clear();
      }
    }
    if (!lines.isEmpty()) {
      batch.answer(lines);
    }
  }
}
