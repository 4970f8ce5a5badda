package io.assay.job.console;

import java.util.Locale;

/** Text of unknown origin, made fit for one line on a terminal. */
public final class Printable {
  private static final int EMOJI_VARIATION = 0xFE0F;

  private Printable() {}

  /**
   * The text on one line: line breaks become spaces, other control characters their code, so that a
   * name in a file can neither fake a second message nor steer the terminal.
   */
  public static String line(String text) {
    String joined = text.strip().replaceAll("\\s*\\R\\s*", " ");
    StringBuilder line = new StringBuilder(joined.length());
    joined
        .codePoints()
        .forEach(
            c -> {
              if (Character.isISOControl(c) || Character.getType(c) == Character.SURROGATE) {
                line.append(String.format(Locale.ROOT, "\\u%04x", c));
              } else {
                line.appendCodePoint(c);
              }
            });
    return line.toString();
  }

  /** Columns the text takes on a terminal: two for Chinese, Japanese, Korean and emoji. */
  public static int width(String text) {
    return text.codePoints().map(Printable::width).sum();
  }

  private static int width(int c) {
    if (c < 0x300) {
      return 1;
    }
    switch (Character.getType(c)) {
      case Character.NON_SPACING_MARK, Character.ENCLOSING_MARK, Character.FORMAT -> {
        return c == EMOJI_VARIATION ? 1 : 0;
      }
      default -> {
        // Everything else takes room.
      }
    }
    boolean halfWidthForm = c >= 0xFF61 && c <= 0xFFDC;
    boolean wideForm = c >= 0x3000 && c <= 0x303E || c >= 0xFF01 && c <= 0xFF60;
    if (halfWidthForm) {
      return 1;
    }
    return switch (Character.UnicodeScript.of(c)) {
      case HAN, HIRAGANA, KATAKANA, HANGUL, BOPOMOFO, YI -> 2;
      default -> wideForm || Character.isEmojiPresentation(c) ? 2 : 1;
    };
  }
}
