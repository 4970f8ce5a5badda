package io.assay.job.console;

import io.assay.job.launch.Terminal;
import java.util.ArrayList;
import java.util.List;

/**
 * How text is laid out for where it is read.
 *
 * @param columns room in a line, 0 for as much as needed: files and pipes are never folded
 * @param colour whether the reader is a terminal that shows colours
 */
public record Layout(int columns, boolean colour) {
  /** For files, pipes and tests. */
  public static final Layout PLAIN = new Layout(0, false);

  /** The layout of a stream. */
  static Layout of(boolean terminal) {
    return terminal ? new Layout(Terminal.columns(), Terminal.wantsColour(System.getenv())) : PLAIN;
  }

  /** Of standard output. */
  public static Layout stdout() {
    return of(Terminal.isStdout());
  }

  /** The same with two columns less. */
  public Layout indented() {
    return columns == 0 ? this : new Layout(Math.max(1, columns - 2), colour);
  }

  /** The text in a colour, where there are colours. */
  public String paint(Paint paint, String text) {
    return colour ? paint.on(text) : text;
  }

  /** A heading. */
  public String heading(String text) {
    return paint(Paint.HEADING, text);
  }

  /**
   * A label and a text behind it, folded between words where the line is full; what follows stands
   * under the beginning of the text.
   *
   * @param label with the spaces around it
   */
  public List<String> folded(String label, String text) {
    int indent = Printable.width(label);
    List<String> lines = new ArrayList<>();
    StringBuilder line = new StringBuilder();
    for (String word : text.split(" ", -1)) {
      boolean full =
          columns > 0
              && !line.isEmpty()
              && indent + Printable.width(line) + 1 + Printable.width(word) > columns;
      if (full) {
        lines.add(line.toString());
        line.setLength(0);
      }
      line.append(line.isEmpty() ? "" : " ").append(word);
    }
    lines.add(line.toString());
    String under = " ".repeat(indent);
    for (int i = 0; i < lines.size(); i++) {
      lines.set(i, ((i == 0 ? label : under) + lines.get(i)).stripTrailing());
    }
    return lines;
  }
}
