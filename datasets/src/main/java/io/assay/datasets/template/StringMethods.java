package io.assay.datasets.template;

import io.assay.datasets.text.PythonSpace;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.IntPredicate;

/** Methods of Python's {@code str}; lengths and positions count code points. */
final class StringMethods {
  static final Set<String> NAMES =
      Set.of(
          "strip",
          "lstrip",
          "rstrip",
          "split",
          "rsplit",
          "splitlines",
          "partition",
          "rpartition",
          "replace",
          "upper",
          "lower",
          "title",
          "capitalize",
          "casefold",
          "swapcase",
          "startswith",
          "endswith",
          "find",
          "rfind",
          "index",
          "count",
          "join",
          "format",
          "isdigit",
          "isalpha",
          "isalnum",
          "isnumeric",
          "isdecimal",
          "isspace",
          "isupper",
          "islower",
          "zfill",
          "ljust",
          "rjust",
          "center",
          "removeprefix",
          "removesuffix");

  private StringMethods() {}

  static Object call(String text, String name, List<Object> a, Map<String, Object> named) {
    if (!named.isEmpty() && !name.equals("format") && !name.endsWith("split")) {
      throw new TemplateFault("'" + name + "' takes no named arguments here");
    }
    return switch (name) {
      case "strip" -> strip(text, set(a), true, true);
      case "lstrip" -> strip(text, set(a), true, false);
      case "rstrip" -> strip(text, set(a), false, true);
      case "split", "rsplit" -> split(text, name, a, named);
      case "splitlines" -> lines(text);
      case "partition" -> partition(text, string(a, 0, name), false);
      case "rpartition" -> partition(text, string(a, 0, name), true);
      case "replace" -> replace(text, string(a, 0, name), string(a, 1, name), count(a, 2));
      case "upper" -> text.toUpperCase(Locale.ROOT);
      case "lower" -> text.toLowerCase(Locale.ROOT);
      case "casefold" -> text.toUpperCase(Locale.ROOT).toLowerCase(Locale.ROOT);
      case "title" -> title(text);
      case "capitalize" -> capitalize(text);
      case "swapcase" -> swapcase(text);
      case "startswith" -> affix(a, name).stream().anyMatch(text::startsWith);
      case "endswith" -> affix(a, name).stream().anyMatch(text::endsWith);
      case "find" -> position(text, text.indexOf(string(a, 0, name)));
      case "rfind" -> position(text, text.lastIndexOf(string(a, 0, name)));
      case "index" -> {
        int found = text.indexOf(string(a, 0, name));
        if (found < 0) {
          throw new TemplateFault(PythonText.shown(a.getFirst()) + " is not in the text");
        }
        yield position(text, found);
      }
      case "count" -> countOf(text, string(a, 0, name));
      case "join" -> join(text, Python.iterate(Methods.argument(a, 0, name)));
      case "format" -> PythonFormat.braces(text, a, named);
      case "isdigit", "isdecimal", "isnumeric" -> isDigits(text);
      case "isalpha" -> all(text, Character::isLetter);
      case "isalnum" -> all(text, Character::isLetterOrDigit);
      case "isspace" -> all(text, PythonSpace::isSpace);
      case "isupper" -> cased(text) && text.equals(text.toUpperCase(Locale.ROOT));
      case "islower" -> cased(text) && text.equals(text.toLowerCase(Locale.ROOT));
      case "zfill" -> zfill(text, Python.toInt(Methods.argument(a, 0, name)));
      case "ljust" -> pad(text, a, name, 0);
      case "rjust" -> pad(text, a, name, 2);
      case "center" -> pad(text, a, name, 1);
      case "removeprefix" -> {
        String prefix = string(a, 0, name);
        yield text.startsWith(prefix) ? text.substring(prefix.length()) : text;
      }
      case "removesuffix" -> {
        String suffix = string(a, 0, name);
        yield !suffix.isEmpty() && text.endsWith(suffix)
            ? text.substring(0, text.length() - suffix.length())
            : text;
      }
      default -> throw new TemplateFault("a text has no method '" + name + "'");
    };
  }

  /** {@code str.isdigit} for decimal digits of any script and superscripts. */
  static boolean isDigits(String text) {
    return all(
        text,
        c ->
            Character.isDigit(c)
                || (Character.getType(c) == Character.OTHER_NUMBER
                    && Character.getNumericValue(c) >= 0
                    && Character.getNumericValue(c) <= 9));
  }

  private static boolean all(String text, IntPredicate test) {
    return !text.isEmpty() && text.codePoints().allMatch(test);
  }

  private static boolean cased(String text) {
    return text.codePoints().anyMatch(c -> Character.isUpperCase(c) || Character.isLowerCase(c));
  }

  private static String string(List<Object> a, int index, String name) {
    return Python.string(Methods.argument(a, index, name));
  }

  private static int count(List<Object> a, int index) {
    return index < a.size() ? Python.toInt(a.get(index)) : -1;
  }

  /** Characters to strip, or null for white space. */
  private static String set(List<Object> a) {
    return a.isEmpty() || a.getFirst() == null ? null : Python.string(a.getFirst());
  }

  static String strip(String text, String characters, boolean left, boolean right) {
    IntPredicate strips =
        characters == null ? PythonSpace::isSpace : c -> characters.indexOf(c) >= 0;
    int start = 0;
    int end = text.length();
    while (left && start < end && strips.test(text.codePointAt(start))) {
      start += Character.charCount(text.codePointAt(start));
    }
    while (right && end > start && strips.test(text.codePointBefore(end))) {
      end -= Character.charCount(text.codePointBefore(end));
    }
    return text.substring(start, end);
  }

  private static List<Object> split(
      String text, String name, List<Object> a, Map<String, Object> named) {
    Object separator = a.isEmpty() ? named.get("sep") : a.getFirst();
    Object most = a.size() > 1 ? a.get(1) : named.get("maxsplit");
    int limit = most == null ? -1 : Python.toInt(most);
    boolean fromRight = name.equals("rsplit");
    if (separator == null) {
      return whitespaceSplit(text, limit, fromRight);
    }
    String mark = Python.string(separator);
    if (mark.isEmpty()) {
      throw new TemplateFault("'" + name + "' needs a separator that is not empty");
    }
    List<Object> parts = new ArrayList<>();
    int from = 0;
    int to = text.length();
    while (limit < 0 || parts.size() < limit) {
      int found = fromRight ? text.lastIndexOf(mark, to - mark.length()) : text.indexOf(mark, from);
      if (found < 0 || (fromRight && to < mark.length())) {
        break;
      }
      Meter.step();
      if (fromRight) {
        parts.add(text.substring(found + mark.length(), to));
        to = found;
      } else {
        parts.add(text.substring(from, found));
        from = found + mark.length();
      }
    }
    parts.add(text.substring(from, to));
    if (fromRight) {
      Collections.reverse(parts);
    }
    return parts;
  }

  /** Words; after {@code limit} of them the rest is the last part, its far end as it is. */
  private static List<Object> whitespaceSplit(String text, int limit, boolean fromRight) {
    List<Object> parts = new ArrayList<>();
    int step = fromRight ? -1 : 1;
    int end = fromRight ? -1 : text.length();
    int at = fromRight ? text.length() - 1 : 0;
    while (true) {
      while (at != end && PythonSpace.isSpace(text.charAt(at))) {
        at += step;
      }
      if (at == end) {
        break;
      }
      Meter.step();
      int start = at;
      if (parts.size() == limit) {
        at = end;
      }
      while (at != end && !PythonSpace.isSpace(text.charAt(at))) {
        at += step;
      }
      parts.add(fromRight ? text.substring(at + 1, start + 1) : text.substring(start, at));
    }
    if (fromRight) {
      Collections.reverse(parts);
    }
    return parts;
  }

  private static List<Object> lines(String text) {
    List<Object> lines = new ArrayList<>();
    int from = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if ("\n\r\u000b\f\u001c\u001d\u001e\u0085\u2028\u2029".indexOf(c) >= 0) {
        Meter.step();
        lines.add(text.substring(from, i));
        if (c == '\r' && i + 1 < text.length() && text.charAt(i + 1) == '\n') {
          i++;
        }
        from = i + 1;
      }
    }
    if (from < text.length()) {
      lines.add(text.substring(from));
    }
    return lines;
  }

  private static Tuple partition(String text, String mark, boolean last) {
    if (mark.isEmpty()) {
      throw new TemplateFault("'partition' needs a separator that is not empty");
    }
    int found = last ? text.lastIndexOf(mark) : text.indexOf(mark);
    if (found < 0) {
      return new Tuple(last ? List.of("", "", text) : List.of(text, "", ""));
    }
    return new Tuple(
        List.of(text.substring(0, found), mark, text.substring(found + mark.length())));
  }

  /** {@code str.replace}; a negative count replaces all. */
  static String replace(String text, String old, String by, int count) {
    if (old.isEmpty()) {
      throw new TemplateFault("'replace' needs a text to look for that is not empty");
    }
    StringBuilder out = new StringBuilder();
    int from = 0;
    for (int n = 0; count < 0 || n < count; n++) {
      int found = text.indexOf(old, from);
      if (found < 0) {
        break;
      }
      out.append(text, from, found).append(by);
      Arithmetic.size(out.length());
      from = found + old.length();
    }
    return out.append(text, from, text.length()).toString();
  }

  /** {@code str.title}: upper case after anything that has no case. */
  private static String title(String text) {
    StringBuilder out = new StringBuilder();
    boolean inside = false;
    for (int i = 0; i < text.length(); ) {
      int c = text.codePointAt(i);
      out.append(inside ? Character.toString(c).toLowerCase(Locale.ROOT) : titleCase(c));
      inside = Character.isUpperCase(c) || Character.isLowerCase(c) || Character.isTitleCase(c);
      i += Character.charCount(c);
    }
    return out.toString();
  }

  static String capitalize(String text) {
    if (text.isEmpty()) {
      return text;
    }
    int first = text.codePointAt(0);
    return titleCase(first) + text.substring(Character.charCount(first)).toLowerCase(Locale.ROOT);
  }

  private static String titleCase(int c) {
    return c == 'ß' ? "Ss" : Character.toString(Character.toTitleCase(c));
  }

  private static String swapcase(String text) {
    StringBuilder out = new StringBuilder();
    text.codePoints()
        .mapToObj(Character::toString)
        .forEach(
            c -> {
              String lower = c.toLowerCase(Locale.ROOT);
              out.append(c.equals(lower) ? c.toUpperCase(Locale.ROOT) : lower);
            });
    return out.toString();
  }

  private static List<String> affix(List<Object> a, String name) {
    Object value = Methods.argument(a, 0, name);
    return value instanceof Tuple tuple
        ? tuple.stream().map(Python::string).toList()
        : List.of(Python.string(value));
  }

  private static long position(String text, int index) {
    return index < 0 ? -1 : text.codePointCount(0, index);
  }

  private static long countOf(String text, String part) {
    if (part.isEmpty()) {
      return Python.length(text) + 1L;
    }
    long count = 0;
    for (int i = text.indexOf(part); i >= 0; i = text.indexOf(part, i + part.length())) {
      count++;
    }
    return count;
  }

  static String join(String separator, List<Object> items) {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < items.size(); i++) {
      out.append(i == 0 ? "" : separator).append(Python.string(items.get(i)));
      Arithmetic.size(out.length());
    }
    return out.toString();
  }

  private static String zfill(String text, int width) {
    int missing = width - Python.length(text);
    if (missing <= 0) {
      return text;
    }
    Arithmetic.size(width);
    boolean sign = text.startsWith("-") || text.startsWith("+");
    return (sign ? text.substring(0, 1) : "") + "0".repeat(missing) + text.substring(sign ? 1 : 0);
  }

  /**
   * @param side 0 pads right, 1 both, 2 left
   */
  private static String pad(String text, List<Object> a, String name, int side) {
    int width = Python.toInt(Methods.argument(a, 0, name));
    String fill = a.size() > 1 ? Python.string(a.get(1)) : " ";
    int missing = width - Python.length(text);
    if (missing <= 0) {
      return text;
    }
    Arithmetic.size(width);
    int left = side == 0 ? 0 : side == 2 ? missing : missing / 2 + (missing & width & 1);
    return fill.repeat(left) + text + fill.repeat(missing - left);
  }
}
