package io.assay.eval.text;

import io.assay.datasets.text.PythonSpace;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** String operations of Python 3 that the harness's definitions rest on. */
public final class PythonText {
  private PythonText() {}

  /** Length in UTF-16 units without trailing whitespace: where {@code str.rstrip} cuts. */
  public static int lengthWithoutTrailingSpace(String text) {
    int end = text.length();
    // Every whitespace character is in the basic plane, so units can be looked at one by one.
    while (end > 0 && PythonSpace.isSpace(text.charAt(end - 1))) {
      end--;
    }
    return end;
  }

  /** {@code str.strip()}. */
  public static String strip(String text) {
    int end = lengthWithoutTrailingSpace(text);
    int start = 0;
    while (start < end && PythonSpace.isSpace(text.charAt(start))) {
      start++;
    }
    return text.substring(start, end);
  }

  /** {@code str.split()}: the pieces between white space, none of them empty. */
  public static List<String> split(String text) {
    List<String> pieces = new ArrayList<>();
    int start = 0;
    for (int i = 0; i <= text.length(); i++) {
      if (i == text.length() || PythonSpace.isSpace(text.charAt(i))) {
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
      boolean space = PythonSpace.isSpace(text.charAt(i));
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
