package io.assay.eval.text;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** String operations of Python 3 that the harness's definitions rest on. */
public final class PythonText {
  private PythonText() {}

  /**
   * Whether {@code str.isspace} holds; the same characters {@code \s} matches in a Python pattern.
   * Java's own notions differ: {@link Character#isWhitespace(int)} lacks the no-break spaces and
   * U+0085, the regular expression property White_Space lacks U+001C to U+001F.
   */
  public static boolean isSpace(int codePoint) {
    return switch (codePoint) {
      case 0x20, 0x85, 0xA0, 0x1680, 0x2028, 0x2029, 0x202F, 0x205F, 0x3000 -> true;
      default ->
          (codePoint >= 0x09 && codePoint <= 0x0D)
              || (codePoint >= 0x1C && codePoint <= 0x1F)
              || (codePoint >= 0x2000 && codePoint <= 0x200A);
    };
  }

  /** Length in UTF-16 units without trailing whitespace: where {@code str.rstrip} cuts. */
  public static int lengthWithoutTrailingSpace(String text) {
    int end = text.length();
    // Every whitespace character is in the basic plane, so units can be looked at one by one.
    while (end > 0 && isSpace(text.charAt(end - 1))) {
      end--;
    }
    return end;
  }

  /** {@code str.strip()}. */
  public static String strip(String text) {
    int end = lengthWithoutTrailingSpace(text);
    int start = 0;
    while (start < end && isSpace(text.charAt(start))) {
      start++;
    }
    return text.substring(start, end);
  }

  /** {@code str.split()}: the pieces between white space, none of them empty. */
  public static List<String> split(String text) {
    List<String> pieces = new ArrayList<>();
    int start = 0;
    for (int i = 0; i <= text.length(); i++) {
      if (i == text.length() || isSpace(text.charAt(i))) {
        if (i > start) {
          pieces.add(text.substring(start, i));
        }
        start = i + 1;
      }
    }
    return pieces;
  }

  /**
   * Pieces of {@code re.split(r"\s+", text)}, empty ones at the ends included: the harness's number
   * of words; 1 for the empty text.
   */
  public static long words(String text) {
    long pieces = 1;
    boolean inSpace = false;
    for (int i = 0; i < text.length(); i++) {
      boolean space = isSpace(text.charAt(i));
      if (space && !inSpace) {
        pieces++;
      }
      inSpace = space;
    }
    return pieces;
  }

  /** Bytes of the text in UTF-8. */
  public static long utf8Bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }

  /** Unicode code points: Python's {@code len}, not Java's UTF-16 units. */
  public static int codePoints(String text) {
    return text.codePointCount(0, text.length());
  }
}
