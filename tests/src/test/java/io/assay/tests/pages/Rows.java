package io.assay.tests.pages;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** Rows of Markdown tables. */
final class Rows {
  private Rows() {}

  /**
   * The cells of every row of a table with this header.
   *
   * @param header cells of the header, as written
   */
  static List<List<String>> of(Path page, String... header) throws IOException {
    String first = "| " + String.join(" | ", header) + " |";
    List<String> lines = Files.readAllLines(page);
    int start = lines.indexOf(first);
    if (start < 0) {
      throw new IllegalArgumentException(page + " has no table " + first);
    }
    return lines.subList(start + 2, lines.size()).stream()
        .takeWhile(line -> line.startsWith("|"))
        .map(line -> Arrays.stream(line.split("\\|", -1)).map(String::strip).toList())
        .map(cells -> cells.subList(1, cells.size() - 1))
        .toList();
  }

  /** Code without its back-ticks. */
  static String code(String cell) {
    return cell.startsWith("`") && cell.endsWith("`") ? cell.substring(1, cell.length() - 1) : cell;
  }
}
