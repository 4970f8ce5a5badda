package io.assay.job.console;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * A table of text in columns: numbers to the right, everything else to the left. Where it is wider
 * than its place, the columns behind those that name a row continue in a block below; names that
 * take more than half of the place are cut in their middle. Columns without a header are a list of
 * terms, whose texts at the end are folded instead.
 */
public final class TextTable {
  private static final Pattern NUMBER =
      Pattern.compile("[-+±<]?[0-9][0-9.,eE+-]*( ?[%xsKMGTiB/]+)?|-|");
  private static final String GAP = "  ";

  /** What is shorter names nothing. */
  private static final int LEAST_NAME = 12;

  private record Line(Paint paint, List<String> cells) {}

  private final List<String> header;
  private final List<Line> rows = new ArrayList<>();

  public TextTable(String... header) {
    this.header = List.of(header);
  }

  /** Adds a row with one cell a column. */
  public TextTable row(Object... cells) {
    return painted(Paint.NONE, cells);
  }

  /** Adds a row in a colour. */
  public TextTable painted(Paint paint, Object... cells) {
    if (cells.length != header.size()) {
      throw new IllegalArgumentException(
          "a row of " + cells.length + " cells in a table of " + header.size() + " columns");
    }
    List<String> texts =
        Arrays.stream(cells).map(cell -> Printable.line(String.valueOf(cell))).toList();
    rows.add(new Line(paint, texts));
    return this;
  }

  public boolean isEmpty() {
    return rows.isEmpty();
  }

  /** Header and rows, columns padded to their widest cell. */
  public List<String> lines() {
    return lines(Layout.PLAIN);
  }

  /** The same for a place: colours where it has them, and folded where it is narrow. */
  public List<String> lines(Layout layout) {
    int columns = header.size();
    int[] width = new int[columns];
    boolean[] right = new boolean[columns];
    for (int c = 0; c < columns; c++) {
      int column = c;
      width[c] = Printable.width(header.get(c));
      rows.forEach(
          row -> width[column] = Math.max(width[column], Printable.width(row.cells.get(column))));
      right[c] = rows.stream().allMatch(row -> NUMBER.matcher(row.cells.get(column)).matches());
    }
    boolean named = header.stream().anyMatch(name -> !name.isBlank());
    List<String> lines = new ArrayList<>();
    if (!named && columns > 1) {
      int[] terms = IntStream.range(0, columns - 1).toArray();
      for (Line row : rows) {
        String label = padded(row.cells, terms, width, right) + GAP;
        layout
            .folded(label, row.cells.getLast())
            .forEach(line -> lines.add(layout.paint(row.paint, line)));
      }
      return lines;
    }
    shortenNames(width, right, layout.columns());
    for (int[] block : blocks(width, right, layout.columns())) {
      if (!lines.isEmpty()) {
        lines.add("");
      }
      if (named) {
        lines.add(layout.heading(line(header, block, width, right)));
      }
      rows.forEach(row -> lines.add(layout.paint(row.paint, line(row.cells, block, width, right))));
    }
    return lines;
  }

  /** Adds an empty line, a heading and the indented table; a header without text is left out. */
  public void section(String heading, List<String> text) {
    section(heading, Layout.PLAIN, text);
  }

  /** The same for a place. */
  public void section(String heading, Layout layout, List<String> text) {
    text.add("");
    text.add(layout.heading(heading));
    lines(layout.indented()).forEach(line -> text.add((GAP + line).stripTrailing()));
  }

  /** The rows by the names of their columns, as shown. */
  List<Map<String, String>> records() {
    List<Map<String, String>> records = new ArrayList<>();
    for (Line row : rows) {
      Map<String, String> fields = new LinkedHashMap<>();
      for (int c = 0; c < header.size(); c++) {
        fields.put(header.get(c), row.cells.get(c));
      }
      records.add(fields);
    }
    return records;
  }

  /** The columns of each block: all of them, or as many as there is room for. */
  private static List<int[]> blocks(int[] width, boolean[] right, int room) {
    int[] all = IntStream.range(0, width.length).toArray();
    if (room == 0 || taken(all, width) <= room) {
      return List.of(all);
    }
    int names = names(width, right, room);
    List<int[]> blocks = new ArrayList<>();
    int next = names;
    while (next < width.length) {
      int end = next + 1;
      while (end < width.length && taken(block(names, next, end + 1), width) <= room) {
        end++;
      }
      blocks.add(block(names, next, end));
      next = end;
    }
    return blocks;
  }

  /** How many columns at the left name a row: the first, and texts after it that leave room. */
  private static int names(int[] width, boolean[] right, int room) {
    int names = 1;
    int taken = width[0];
    while (names < width.length - 1 && !right[names]) {
      taken += GAP.length() + width[names];
      if (3 * taken > 2 * room) {
        break;
      }
      names++;
    }
    return names;
  }

  /** Makes columns that name a row narrower, where they would leave no room for what it says. */
  private static void shortenNames(int[] width, boolean[] right, int room) {
    if (room == 0 || taken(IntStream.range(0, width.length).toArray(), width) <= room) {
      return;
    }
    int[] shorter =
        Arrays.stream(width)
            .map(w -> 2 * w > room ? Math.min(w, Math.max(LEAST_NAME, room / 3)) : w)
            .toArray();
    int names = names(shorter, right, room);
    System.arraycopy(shorter, 0, width, 0, names);
  }

  private static int[] block(int names, int from, int to) {
    return IntStream.concat(IntStream.range(0, names), IntStream.range(from, to)).toArray();
  }

  private static int taken(int[] block, int[] width) {
    return Arrays.stream(block).map(c -> width[c]).sum() + GAP.length() * (block.length - 1);
  }

  private static String line(List<String> cells, int[] block, int[] width, boolean[] right) {
    return padded(cells, block, width, right).stripTrailing();
  }

  private static String padded(List<String> cells, int[] block, int[] width, boolean[] right) {
    StringBuilder line = new StringBuilder();
    for (int c : block) {
      String cell = Printable.shortened(cells.get(c), width[c]);
      String pad = " ".repeat(width[c] - Printable.width(cell));
      line.append(line.isEmpty() ? "" : GAP);
      line.append(right[c] ? pad + cell : cell + pad);
    }
    return line.toString();
  }
}
