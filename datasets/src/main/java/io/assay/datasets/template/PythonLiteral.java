package io.assay.datasets.template;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What {@code ast.literal_eval} reads: texts, numbers, True, False, None, lists, tuples and dicts,
 * nothing that computes. Task templates print lists of choices this way.
 */
public final class PythonLiteral {
  private static final int MAX_DEPTH = 100;
  private static final Pattern NUMBER =
      Pattern.compile(
          "\\G[+-]?(?:[0-9](?:_?[0-9])*(?:\\.[0-9_]*)?|\\.[0-9][0-9_]*)(?:[eE][+-]?[0-9]+)?");
  private static final Pattern WORD = Pattern.compile("\\G(?:True|False|None)\\b");
  private static final Pattern STRING = Pattern.compile("\\G([rRuU]?)('''|\"\"\"|'|\")");

  private final String text;
  private int at;

  private PythonLiteral(String text) {
    this.text = text;
  }

  /**
   * The value {@code text} denotes (null is None), wrapped so that None can be told from a text
   * that is not a literal, which is empty.
   */
  public static Optional<Parsed> parse(String text) {
    PythonLiteral reader = new PythonLiteral(text);
    try {
      Object value = reader.value(0);
      reader.space();
      if (reader.skip(',')) {
        value = reader.rest(value);
      }
      return reader.at == text.length() ? Optional.of(new Parsed(value)) : Optional.empty();
    } catch (TemplateFault e) {
      return Optional.empty();
    }
  }

  /** A tuple without parentheses. */
  private Tuple rest(Object first) {
    List<Object> values = new ArrayList<>();
    values.add(first);
    boolean comma = true;
    space();
    while (comma && at < text.length()) {
      values.add(value(1));
      space();
      comma = skip(',');
      space();
    }
    return new Tuple(values);
  }

  /** A literal's value. */
  public record Parsed(Object value) {}

  private Object value(int depth) {
    space();
    if (at >= text.length() || depth > MAX_DEPTH) {
      throw new TemplateFault("not a literal");
    }
    char c = text.charAt(at);
    if (c == '[') {
      at++;
      return items(']', depth).values;
    }
    if (c == '(') {
      at++;
      Items items = items(')', depth);
      return items.values.size() == 1 && !items.comma
          ? items.values.getFirst()
          : new Tuple(items.values);
    }
    if (c == '{') {
      at++;
      return dict(depth);
    }
    Matcher word = WORD.matcher(text);
    if (word.find(at)) {
      at = word.end();
      return switch (word.group()) {
        case "True" -> Boolean.TRUE;
        case "False" -> Boolean.FALSE;
        default -> null;
      };
    }
    Matcher string = STRING.matcher(text);
    if (string.find(at)) {
      return strings(string);
    }
    Matcher number = NUMBER.matcher(text);
    if (number.find(at)) {
      at = number.end();
      return number(number.group().replace("_", ""));
    }
    throw new TemplateFault("not a literal");
  }

  private static Object number(String digits) {
    if (digits.chars().anyMatch(c -> c == '.' || c == 'e' || c == 'E')) {
      return Double.valueOf(digits);
    }
    String unsigned = digits.replaceFirst("^[+-]", "");
    boolean leadingZero = unsigned.length() > 1 && unsigned.startsWith("0");
    if (digits.length() > 1000 || (leadingZero && !unsigned.matches("0+"))) {
      throw new TemplateFault("not a literal");
    }
    return Python.integer(new BigInteger(digits));
  }

  private record Items(List<Object> values, boolean comma) {}

  private Items items(char close, int depth) {
    List<Object> values = new ArrayList<>();
    boolean comma = false;
    while (true) {
      space();
      if (skip(close)) {
        return new Items(values, comma);
      }
      if (!values.isEmpty() && !comma) {
        throw new TemplateFault("not a literal");
      }
      values.add(value(depth + 1));
      space();
      comma = skip(',');
    }
  }

  private Object dict(int depth) {
    List<Object> keys = new ArrayList<>();
    List<Object> values = new ArrayList<>();
    boolean comma = true;
    while (true) {
      space();
      if (skip('}')) {
        return Python.dict(keys, values);
      }
      if (!comma) {
        throw new TemplateFault("not a literal");
      }
      keys.add(value(depth + 1));
      space();
      if (!skip(':')) {
        throw new TemplateFault("not a literal");
      }
      values.add(value(depth + 1));
      space();
      comma = skip(',');
    }
  }

  /** Adjacent texts are one. */
  private String strings(Matcher opening) {
    StringBuilder all = new StringBuilder();
    Matcher open = opening;
    do {
      String mark = open.group(2);
      boolean raw = open.group(1).equalsIgnoreCase("r");
      int start = open.end();
      int end = start;
      while (end < text.length() && !text.startsWith(mark, end)) {
        if (mark.length() == 1 && text.charAt(end) == '\n') {
          throw new TemplateFault("not a literal");
        }
        end += text.charAt(end) == '\\' ? 2 : 1;
      }
      if (end >= text.length()) {
        throw new TemplateFault("not a literal");
      }
      String inside = text.substring(start, end);
      all.append(raw ? inside : unescape(inside));
      at = end + mark.length();
      space();
    } while (open.find(at));
    return all.toString();
  }

  private boolean skip(char c) {
    if (at < text.length() && text.charAt(at) == c) {
      at++;
      return true;
    }
    return false;
  }

  private void space() {
    while (at < text.length() && " \t\n\r\f".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
  }

  /** Python's escapes in a text; an unknown one stays as it is written. */
  static String unescape(String inside) {
    if (inside.indexOf('\\') < 0) {
      return inside;
    }
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < inside.length(); i++) {
      char c = inside.charAt(i);
      if (c != '\\' || i + 1 == inside.length()) {
        out.append(c);
        continue;
      }
      char e = inside.charAt(++i);
      int simple = "abfnrtv\\'\"".indexOf(e);
      if (simple >= 0) {
        out.append("\u0007\b\f\n\r\t\u000b\\'\"".charAt(simple));
      } else if (e == 'x' || e == 'u' || e == 'U') {
        int digits = e == 'x' ? 2 : e == 'u' ? 4 : 8;
        out.appendCodePoint(hex(inside, i + 1, digits));
        i += digits;
      } else if (e >= '0' && e <= '7') {
        int value = 0;
        int end = Math.min(i + 3, inside.length());
        while (i < end && inside.charAt(i) >= '0' && inside.charAt(i) <= '7') {
          value = value * 8 + inside.charAt(i++) - '0';
        }
        i--;
        out.append((char) value);
      } else if (e != '\n') {
        out.append('\\').append(e);
      }
    }
    return out.toString();
  }

  private static int hex(String text, int from, int digits) {
    if (from + digits <= text.length()) {
      String code = text.substring(from, from + digits);
      if (code.matches("[0-9a-fA-F]+")) {
        long value = Long.parseLong(code, 16);
        if (Character.MAX_CODE_POINT >= value) {
          return (int) value;
        }
      }
    }
    throw new TemplateFault("a text has a broken \\x, \\u or \\U escape");
  }
}
