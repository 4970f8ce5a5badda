package io.assay.datasets.reader;

import java.util.List;

/**
 * How to read files.
 *
 * @param format their format
 * @param delimiter between cells, null for the format's own
 * @param columns names of the columns of a file without a header, null if it has one
 */
public record ReadOptions(Format format, Character delimiter, List<String> columns) {
  /** Everything by the format. */
  public static ReadOptions of(Format format) {
    return new ReadOptions(format, null, null);
  }
}
