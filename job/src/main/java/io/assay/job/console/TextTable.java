package io.assay.job.console;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/** A table of text in columns: numbers to the right, everything else to the left. */
public final class TextTable {
  private static final Pattern NUMBER =
      Pattern.compile("[-+±]?[0-9][0-9.,eE+-]*( ?[%xsKMGTiB/]+)?|-|");

  private final List<String> header;
  private final List<List<String>> rows = new ArrayList<>();

  public TextTable(String... header) {
    this.header = List.of(header);
  }

  /** Adds a row with one cell a column. */
  public TextTable row(Object... cells) {
    if (cells.length != header.size()) {
      throw new IllegalArgumentException(
          "a row of " + cells.length + " cells in a table of " + header.size() + " columns");
    }
    rows.add(Arrays.stream(cells).map(cell -> Printable.line(String.valueOf(cell))).toList());
    return this;
  }

  public boolean isEmpty() {
    return rows.isEmpty();
  }

  /** Header and rows, columns padded to their widest cell. */
  public List<String> lines() {
    int columns = header.size();
    int[] width = new int[columns];
    boolean[] right = new boolean[columns];
    for (int c = 0; c < columns; c++) {
      int column = c;
      width[c] = Printable.width(header.get(c));
      rows.forEach(
          row -> width[column] = Math.max(width[column], Printable.width(row.get(column))));
      right[c] = rows.stream().allMatch(row -> NUMBER.matcher(row.get(column)).matches());
    }
    List<String> lines = new ArrayList<>();
    lines.add(line(header, width, right));
    rows.forEach(row -> lines.add(line(row, width, right)));
    return lines;
  }

  /** Adds an empty line, a heading and the indented table; a header without text is left out. */
  public void section(String heading, List<String> text) {
    text.add("");
    text.add(heading);
    lines().stream()
        .skip(header.stream().allMatch(String::isBlank) ? 1 : 0)
        .forEach(line -> text.add("  " + line));
  }

  private static String line(List<String> cells, int[] width, boolean[] right) {
    StringBuilder line = new StringBuilder();
    for (int c = 0; c < cells.size(); c++) {
      String pad = " ".repeat(width[c] - Printable.width(cells.get(c)));
      line.append(c == 0 ? "" : "  ");
      line.append(right[c] ? pad + cells.get(c) : cells.get(c) + pad);
    }
    return line.toString().stripTrailing();
  }
}
