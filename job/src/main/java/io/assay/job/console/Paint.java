package io.assay.job.console;

import java.util.Arrays;
import picocli.CommandLine.Help.Ansi.IStyle;
import picocli.CommandLine.Help.Ansi.Style;

/** What a colour says; never the only thing that says it. */
public enum Paint {
  /** No colour. */
  NONE,
  /** Stands above something. */
  HEADING(Style.bold),
  /** Better than before. */
  GOOD(Style.fg_green),
  /** Perhaps worse, or not known. */
  DOUBTFUL(Style.fg_yellow),
  /** Wrong, or worse. */
  BAD(Style.bold, Style.fg_red);

  @SuppressWarnings("ImmutableEnumChecker") // picocli's styles are constants
  private final IStyle[] styles;

  Paint(IStyle... styles) {
    this.styles = styles;
  }

  /** The text between this colour's codes. */
  String on(String text) {
    if (styles.length == 0 || text.isEmpty()) {
      return text;
    }
    StringBuilder painted = new StringBuilder();
    Arrays.stream(styles).forEach(style -> painted.append(style.on()));
    return painted.append(text).append(Style.reset.off()).toString();
  }
}
