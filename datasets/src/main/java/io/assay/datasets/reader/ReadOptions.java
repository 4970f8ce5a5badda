package io.assay.datasets.reader;

import java.io.Serializable;
import java.util.List;

/**
 * How to read files.
 *
 * @param format their format
 * @param delimiter between cells, null for the format's own
 * @param columns names of the columns of a file without a header, null if it has one
 * @param records names of the keys that lead to the array of records in a JSON file, outermost
 *     first; empty if the file is that array, or one record a line
 */
public record ReadOptions(
    Format format, Character delimiter, List<String> columns, List<String> records)
    implements Serializable {
  /** Records of JSON files are not nested. */
  public ReadOptions(Format format, Character delimiter, List<String> columns) {
    this(format, delimiter, columns, List.of());
  }

  /** Everything by the format. */
  public static ReadOptions of(Format format) {
    return new ReadOptions(format, null, null);
  }
}
