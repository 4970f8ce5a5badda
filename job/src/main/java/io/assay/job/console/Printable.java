package io.assay.job.console;

import com.ibm.icu.lang.UCharacter;
import com.ibm.icu.lang.UCharacter.EastAsianWidth;
import com.ibm.icu.lang.UCharacter.HangulSyllableType;
import com.ibm.icu.lang.UProperty;
import com.ibm.icu.text.BreakIterator;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Text of unknown origin, made fit for one line on a terminal. */
public final class Printable {
  /** Asks for the coloured form of a character that also has a plain one. */
  private static final int EMOJI_VARIATION = 0xFE0F;

  private Printable() {}

  /**
   * The text on one line: line breaks become spaces; control characters, marks that turn the
   * direction of writing, and halves of surrogate pairs become their code, so that a name in a file
   * can neither fake a second message nor steer the terminal.
   */
  public static String line(String text) {
    String joined = text.strip().replaceAll("\\s*\\R\\s*", " ");
    StringBuilder line = new StringBuilder(joined.length());
    joined
        .codePoints()
        .forEach(
            c -> {
              if (isUnprintable(c)) {
                line.append(String.format(Locale.ROOT, "\\u%04x", c));
              } else {
                line.appendCodePoint(c);
              }
            });
    return line.toString();
  }

  private static boolean isUnprintable(int c) {
    boolean control = Character.isISOControl(c) || Character.getType(c) == Character.SURROGATE;
    return control || c > 0x7F && UCharacter.hasBinaryProperty(c, UProperty.BIDI_CONTROL);
  }

  /**
   * Columns the text takes on a terminal: two for what Unicode calls wide (Chinese, Japanese,
   * Korean) and for each emoji, however many characters make it; none for marks on a character.
   */
  public static int width(CharSequence text) {
    if (text.chars().allMatch(c -> c < 0x300)) {
      return text.length();
    }
    return clusters(text.toString()).stream().mapToInt(Printable::clusterWidth).sum();
  }

  /** The text if it has room in so many columns, else its beginning and its end. */
  public static String shortened(String text, int columns) {
    if (width(text) <= columns) {
      return text;
    }
    List<String> clusters = clusters(text);
    int end = (columns - 1) / 3;
    return String.join("", beginning(clusters, columns - 1 - end))
        + "…"
        + String.join("", beginning(clusters.reversed(), end).reversed());
  }

  /** The characters as people count them. */
  private static List<String> clusters(String text) {
    BreakIterator breaks = BreakIterator.getCharacterInstance(Locale.ROOT);
    breaks.setText(text);
    List<String> clusters = new ArrayList<>();
    int start = breaks.first();
    for (int end = breaks.next(); end != BreakIterator.DONE; end = breaks.next()) {
      clusters.add(text.substring(start, end));
      start = end;
    }
    return clusters;
  }

  private static List<String> beginning(List<String> clusters, int columns) {
    List<String> kept = new ArrayList<>();
    int taken = 0;
    for (String cluster : clusters) {
      taken += clusterWidth(cluster);
      if (taken > columns) {
        break;
      }
      kept.add(cluster);
    }
    return kept;
  }

  private static int clusterWidth(String cluster) {
    int first = cluster.codePointAt(0);
    boolean emoji =
        UCharacter.hasBinaryProperty(first, UProperty.EMOJI_PRESENTATION)
            || UCharacter.hasBinaryProperty(first, UProperty.EMOJI)
                && cluster.indexOf(EMOJI_VARIATION) >= 0;
    return emoji ? 2 : cluster.codePoints().map(Printable::width).sum();
  }

  private static int width(int c) {
    switch (Character.getType(c)) {
      case Character.NON_SPACING_MARK, Character.ENCLOSING_MARK, Character.FORMAT -> {
        return 0;
      }
      default -> {
        // Everything else takes room, unless it is written into the syllable before it.
      }
    }
    int syllable = UCharacter.getIntPropertyValue(c, UProperty.HANGUL_SYLLABLE_TYPE);
    if (syllable == HangulSyllableType.VOWEL_JAMO || syllable == HangulSyllableType.TRAILING_JAMO) {
      return 0;
    }
    return switch (UCharacter.getIntPropertyValue(c, UProperty.EAST_ASIAN_WIDTH)) {
      case EastAsianWidth.WIDE, EastAsianWidth.FULLWIDTH -> 2;
      default -> 1;
    };
  }
}
