package io.assay.datasets.text;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * Rewrites a pattern of Python's {@code re} (str patterns) for {@link Pattern}. Syntax as in the
 * documentation of the {@code re} module; what Java cannot express is refused.
 */
final class PythonRegexTranslator {
  /** What {@code str.isalnum} accepts, and the underscore. */
  private static final String WORD = "\\p{L}\\p{N}_";

  private static final String SPACE = "\\p{IsWhite_Space}\\x{1c}-\\x{1f}";
  private static final String ASCII_WORD = "a-zA-Z0-9_";
  private static final String ASCII_SPACE = " \\t\\n\\r\\f\\x{0b}";

  /**
   * @param pattern for {@link Pattern#compile(String, int)}
   * @param flags to go with it
   * @param names numbers of its named groups
   */
  record Translation(String pattern, int flags, Map<String, Integer> names) {}

  private final String source;
  private final StringBuilder out = new StringBuilder();
  private final Map<String, Integer> names = new LinkedHashMap<>();
  private int at;
  private int groups;
  private int flags;
  private boolean ascii;
  private boolean verbose;

  private PythonRegexTranslator(String source) {
    this.source = source;
  }

  static Translation translate(String source) {
    PythonRegexTranslator translator = new PythonRegexTranslator(source);
    translator.globalFlags();
    translator.body();
    // Only \n ends a line in Python.
    return new Translation(
        translator.out.toString(),
        translator.flags | Pattern.UNIX_LINES,
        Map.copyOf(translator.names));
  }

  private void globalFlags() {
    while (source.startsWith("(?", at)) {
      int i = at + 2;
      while (i < source.length() && Character.isLetter(source.charAt(i))) {
        i++;
      }
      if (i == at + 2 || i >= source.length() || source.charAt(i) != ')') {
        return;
      }
      source.substring(at + 2, i).chars().forEach(letter -> globalFlag((char) letter));
      at = i + 1;
    }
  }

  private void globalFlag(char letter) {
    switch (letter) {
      case 'i' -> flags |= Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE;
      case 'm' -> flags |= Pattern.MULTILINE;
      case 's' -> flags |= Pattern.DOTALL;
      case 'x' -> verbose = true;
      case 'a' -> ascii = true;
      case 'u' -> {}
      default -> throw refuse("unknown flag '" + letter + "'");
    }
  }

  private void body() {
    while (at < source.length()) {
      char c = source.charAt(at);
      if (verbose && PythonSpace.isSpace(c)) {
        at++;
      } else if (verbose && c == '#') {
        int end = source.indexOf('\n', at);
        at = end < 0 ? source.length() : end + 1;
      } else {
        switch (c) {
          case '\\' -> escape(false);
          case '[' -> characterClass();
          case '(' -> group();
          case '{' -> repetition();
          case '}', ']' -> {
            out.append('\\').append(c);
            at++;
          }
          // Java's ^ does not match behind a final newline, Python's does.
          case '^' -> {
            out.append((flags & Pattern.MULTILINE) != 0 ? "(?:^|(?<=\\n))" : "^");
            at++;
          }
          default -> {
            out.append(c);
            at++;
          }
        }
      }
    }
  }

  /** {@code {m}}, {@code {m,}}, {@code {m,n}}, {@code {,n}}; any other brace is literal. */
  private void repetition() {
    int end = source.indexOf('}', at);
    String inside = end < 0 ? "" : source.substring(at + 1, end);
    int comma = inside.indexOf(',');
    String low = comma < 0 ? inside : inside.substring(0, comma);
    String high = comma < 0 ? "" : inside.substring(comma + 1);
    boolean digits = (low + high).chars().allMatch(d -> d >= '0' && d <= '9');
    if (!digits || (comma < 0 && low.isEmpty())) {
      out.append("\\{");
      at++;
      return;
    }
    out.append('{').append(low.isEmpty() ? "0" : low);
    if (comma >= 0) {
      out.append(',').append(high);
    }
    out.append('}');
    at = end + 1;
  }

  private void group() {
    if (!source.startsWith("(?", at)) {
      groups++;
      out.append('(');
      at++;
      return;
    }
    String rest = source.substring(at + 2, Math.min(source.length(), at + 5));
    if (rest.startsWith("P<")) {
      int end = closing('>');
      // Java's names have no underscore: groups are numbers for it.
      names.put(source.substring(at + 4, end), ++groups);
      out.append('(');
      at = end + 1;
    } else if (rest.startsWith("P=")) {
      int end = closing(')');
      Integer number = names.get(source.substring(at + 4, end));
      if (number == null) {
        throw refuse("reference to an unknown group");
      }
      backReference(number);
      at = end + 1;
    } else if (rest.startsWith("#")) {
      at = closing(')') + 1;
    } else if (rest.startsWith("<=") || rest.startsWith("<!")) {
      out.append(source, at, at + 4);
      at += 4;
    } else if (!rest.isEmpty() && ":=!>".indexOf(rest.charAt(0)) >= 0) {
      out.append(source, at, at + 3);
      at += 3;
    } else {
      scopedFlags();
    }
  }

  /** {@code (?i:...)}, {@code (?s-i:...)}. */
  private void scopedFlags() {
    int colon = source.indexOf(':', at);
    String letters = colon < 0 ? "" : source.substring(at + 2, colon);
    if (letters.isEmpty() || !letters.chars().allMatch(l -> "is-".indexOf(l) >= 0)) {
      throw refuse("unsupported extension");
    }
    int minus = letters.indexOf('-');
    boolean on = letters.indexOf('i') >= 0 && (minus < 0 || letters.indexOf('i') < minus);
    out.append("(?").append(on ? "u" : "").append(letters).append(':');
    at = colon + 1;
  }

  private int closing(char end) {
    int i = source.indexOf(end, at);
    if (i < 0) {
      throw refuse("missing '" + end + "'");
    }
    return i;
  }

  private void characterClass() {
    int start = at++;
    out.append('[');
    if (at < source.length() && source.charAt(at) == '^') {
      out.append('^');
      at++;
    }
    boolean first = true;
    while (at < source.length() && (first || source.charAt(at) != ']')) {
      char c = source.charAt(at);
      if (c == '\\') {
        escape(true);
      } else {
        // Java reads [ and && as set operations, and ] as the end of an empty class.
        if ("[]&^#".indexOf(c) >= 0 || PythonSpace.isSpace(c)) {
          out.append(PythonSpace.isSpace(c) ? "\\x{" + Integer.toHexString(c) + "}" : "\\" + c);
        } else {
          out.append(c);
        }
        at++;
      }
      first = false;
    }
    if (at >= source.length()) {
      at = start;
      throw refuse("unterminated character class");
    }
    out.append(']');
    at++;
  }

  private void escape(boolean inClass) {
    if (at + 1 >= source.length()) {
      throw refuse("backslash at the end");
    }
    char c = source.charAt(at + 1);
    String word = ascii ? ASCII_WORD : WORD;
    String space = ascii ? ASCII_SPACE : SPACE;
    String digit = ascii ? "0-9" : "\\p{Nd}";
    switch (c) {
      case 'w' -> set(word, inClass, false);
      case 'W' -> set(word, inClass, true);
      case 's' -> set(space, inClass, false);
      case 'S' -> set(space, inClass, true);
      case 'd' -> set(digit, inClass, false);
      case 'D' -> set(digit, inClass, true);
      case 'a', 'f', 'n', 'r', 't' -> simple("\\" + c);
      case 'v' -> simple("\\x{0b}");
      case 'x' -> hexadecimal(2);
      case 'u' -> hexadecimal(4);
      case 'U' -> hexadecimal(8);
      case 'b' -> simple(inClass ? "\\x{08}" : boundary(word, false));
      case 'B', 'A', 'Z' -> {
        if (inClass) {
          throw refuse("bad escape");
        }
        simple(c == 'A' ? "\\A" : c == 'Z' ? "\\z" : boundary(word, true));
      }
      default -> {
        if (c >= '0' && c <= '9') {
          number(inClass);
        } else if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')) {
          throw refuse("bad escape");
        } else {
          simple("\\" + c);
        }
      }
    }
  }

  private void simple(String text) {
    out.append(text);
    at += 2;
  }

  private void set(String members, boolean inClass, boolean negated) {
    if (negated) {
      simple("[^" + members + "]");
    } else {
      simple(inClass ? members : "[" + members + "]");
    }
  }

  private static String boundary(String word, boolean negated) {
    String behind = "(?<=[" + word + "])";
    String notBehind = "(?<![" + word + "])";
    String ahead = "(?=[" + word + "])";
    String notAhead = "(?![" + word + "])";
    return negated
        ? "(?:" + behind + ahead + "|" + notBehind + notAhead + ")"
        : "(?:" + behind + notAhead + "|" + notBehind + ahead + ")";
  }

  private void hexadecimal(int digits) {
    int end = at + 2 + digits;
    if (end > source.length()
        || !source.substring(at + 2, end).chars().allMatch(d -> Character.digit(d, 16) >= 0)) {
      throw refuse("incomplete escape");
    }
    codePoint(Integer.parseUnsignedInt(source.substring(at + 2, end), 16));
    at = end;
  }

  private void codePoint(int value) {
    if (!Character.isValidCodePoint(value)) {
      throw refuse("no such character");
    }
    out.append("\\x{").append(Integer.toHexString(value)).append('}');
  }

  /** Octal if it starts with 0, has three octal digits or stands in a class; else a group. */
  private void number(boolean inClass) {
    int i = at + 1;
    int octal = 0;
    while (i < source.length() && i < at + 4 && Character.digit(source.charAt(i), 8) >= 0) {
      octal = octal * 8 + Character.digit(source.charAt(i), 8);
      i++;
    }
    if (source.charAt(at + 1) == '0' || i == at + 4 || (inClass && i > at + 1)) {
      codePoint(octal);
      at = i;
      return;
    }
    i = at + 1;
    while (i < source.length() && i < at + 3 && Character.digit(source.charAt(i), 10) >= 0) {
      i++;
    }
    int group = Integer.parseInt(source.substring(at + 1, i));
    if (inClass || group > groups) {
      throw refuse("reference to an unknown group");
    }
    backReference(group);
    at = i;
  }

  private void backReference(int group) {
    // Closed off, so that a digit behind it is not read as part of the number.
    out.append("(?:\\").append(group).append(')');
  }

  private PatternSyntaxException refuse(String what) {
    return new PatternSyntaxException(what, source, at);
  }
}
