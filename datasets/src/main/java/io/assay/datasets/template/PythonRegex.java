package io.assay.datasets.template;

import io.assay.datasets.DataErrorCode;
import io.assay.datasets.DataException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * Python's {@code re} on Java's engine: named groups are rewritten, and a pattern that backtracks
 * without end is stopped.
 */
final class PythonRegex {
  /** Characters looked at in one operation; catastrophic backtracking passes it in seconds. */
  private static final long MAX_STEPS = 50_000_000L;

  private PythonRegex() {}

  static Pattern pattern(String pattern) {
    try {
      // Python's classes are Unicode's, and only a line feed ends a line.
      return Pattern.compile(
          translate(pattern), Pattern.UNICODE_CHARACTER_CLASS | Pattern.UNIX_LINES);
    } catch (PatternSyntaxException e) {
      throw new TemplateFault(
          "the regular expression '" + pattern + "' cannot be read: " + e.getDescription());
    }
  }

  /** Where the two languages write things differently. */
  private static String translate(String pattern) {
    StringBuilder out = new StringBuilder();
    boolean inClass = false;
    for (int i = 0; i < pattern.length(); i++) {
      char c = pattern.charAt(i);
      if (c == '\\' && i + 1 < pattern.length()) {
        char escaped = pattern.charAt(++i);
        out.append(c).append(escaped == 'Z' && !inClass ? 'z' : escaped);
      } else if (inClass) {
        inClass = c != ']';
        // Java takes these for a nested class and an intersection.
        out.append(c == '[' || c == '&' ? "\\" : "").append(c);
      } else if (c == '[') {
        inClass = true;
        out.append(c);
        if (pattern.startsWith("^", i + 1)) {
          out.append('^');
          i++;
        }
        if (pattern.startsWith("]", i + 1)) {
          out.append("\\]");
          i++;
        }
      } else if (pattern.startsWith("(?P<", i)) {
        int end = Math.max(i + 4, pattern.indexOf('>', i));
        out.append("(?<").append(groupName(pattern.substring(i + 4, end)));
        i = end - 1;
      } else if (pattern.startsWith("(?P=", i)) {
        int end = Math.max(i + 4, pattern.indexOf(')', i));
        out.append("\\k<").append(groupName(pattern.substring(i + 4, end))).append('>');
        i = end;
      } else if (pattern.startsWith("{,", i)) {
        out.append("{0");
      } else {
        out.append(c);
      }
    }
    return out.toString();
  }

  /** Java's names of groups have no underscore. */
  private static String groupName(String name) {
    return name.replace("_", "U95U");
  }

  /**
   * {@code text} in a form on which a match cannot run for ever: it ends in a {@link DataException}
   * instead.
   */
  private static CharSequence bounded(CharSequence text) {
    return new Bounded(text, 0, text.length(), new long[] {MAX_STEPS});
  }

  /** {@code re.sub(pattern, replacement, text, count)}; count 0 is all. */
  static String substitute(String pattern, String replacement, String text, int count) {
    Matcher matcher = pattern(pattern).matcher(bounded(text));
    StringBuilder out = new StringBuilder();
    int end = 0;
    for (int n = 0; (count == 0 || n < count) && matcher.find(); n++) {
      out.append(text, end, matcher.start());
      expand(replacement, matcher, text, out);
      Arithmetic.size(out.length());
      end = matcher.end();
    }
    return out.append(text, end, text.length()).toString();
  }

  /** Python's {@code \1}, {@code \g<name>} and escapes in a replacement. */
  private static void expand(String replacement, Matcher matcher, String text, StringBuilder out) {
    for (int i = 0; i < replacement.length(); i++) {
      char c = replacement.charAt(i);
      if (c != '\\' || i + 1 == replacement.length()) {
        out.append(c);
        continue;
      }
      char e = replacement.charAt(++i);
      if (e >= '1' && e <= '9') {
        int from = i;
        while (i + 1 < replacement.length()
            && i + 1 - from < 2
            && Character.digit(replacement.charAt(i + 1), 10) >= 0) {
          i++;
        }
        group(matcher, replacement.substring(from, i + 1), text, out);
      } else if (e == 'g' && i + 1 < replacement.length() && replacement.charAt(i + 1) == '<') {
        int close = replacement.indexOf('>', i);
        if (close < 0) {
          throw new TemplateFault("the replacement '" + replacement + "' has an open \\g<");
        }
        group(matcher, replacement.substring(i + 2, close), text, out);
        i = close;
      } else {
        int simple = "abfnrtv\\".indexOf(e);
        if (simple < 0 && Character.isLetter(e)) {
          throw new TemplateFault("the replacement '" + replacement + "' has a bad escape \\" + e);
        }
        if (simple < 0) {
          out.append('\\').append(e);
        } else {
          out.append("\u0007\b\f\n\r\t\u000b\\".charAt(simple));
        }
      }
    }
  }

  private static void group(Matcher matcher, String name, String text, StringBuilder out) {
    try {
      boolean number = name.chars().allMatch(Character::isDigit);
      int start = number ? matcher.start(Integer.parseInt(name)) : matcher.start(groupName(name));
      int end = number ? matcher.end(Integer.parseInt(name)) : matcher.end(groupName(name));
      out.append(start < 0 ? "" : text.substring(start, end));
    } catch (IndexOutOfBoundsException | IllegalArgumentException e) {
      throw new TemplateFault("the regular expression has no group " + name);
    }
  }

  /** Counts the characters the matcher reads. */
  private static final class Bounded implements CharSequence {
    private final CharSequence text;
    private final int start;
    private final int end;
    private final long[] left;

    private Bounded(CharSequence text, int start, int end, long[] left) {
      this.text = text;
      this.start = start;
      this.end = end;
      this.left = left;
    }

    @Override
    public char charAt(int index) {
      if (--left[0] < 0) {
        throw new DataException(
            DataErrorCode.TEMPLATE_INVALID,
            "a regular expression needs too many steps on this text; make it less ambiguous");
      }
      return text.charAt(start + index);
    }

    @Override
    public int length() {
      return end - start;
    }

    @Override
    public CharSequence subSequence(int from, int to) {
      return new Bounded(text, start + from, start + to, left);
    }

    @Override
    public String toString() {
      return text.subSequence(start, end).toString();
    }
  }
}
