package io.assay.datasets.template;

import java.time.Clock;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Map;

/** {@code datetime.now().strftime(format)} in the C locale. */
final class PythonDate {
  private static final Map<Character, String> PATTERNS =
      Map.ofEntries(
          Map.entry('a', "EEE"),
          Map.entry('A', "EEEE"),
          Map.entry('b', "MMM"),
          Map.entry('h', "MMM"),
          Map.entry('B', "MMMM"),
          Map.entry('d', "dd"),
          Map.entry('m', "MM"),
          Map.entry('y', "uu"),
          Map.entry('Y', "u"),
          Map.entry('H', "HH"),
          Map.entry('I', "hh"),
          Map.entry('M', "mm"),
          Map.entry('S', "ss"),
          Map.entry('f', "SSSSSS"),
          Map.entry('j', "DDD"),
          Map.entry('p', "a"),
          Map.entry('F', "uuuu-MM-dd"),
          Map.entry('T', "HH:mm:ss"),
          Map.entry('R', "HH:mm"),
          Map.entry('D', "MM/dd/uu"),
          Map.entry('c', "EEE MMM ppd HH:mm:ss uuuu"),
          Map.entry('x', "MM/dd/uu"),
          Map.entry('X', "HH:mm:ss"),
          Map.entry('e', "ppd"));

  private PythonDate() {}

  static String format(String format, Clock clock) {
    ZonedDateTime now = ZonedDateTime.now(clock);
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < format.length(); i++) {
      char c = format.charAt(i);
      if (c != '%') {
        out.append(c);
        continue;
      }
      // %-d and the like: without leading zeros, as in the GNU library.
      boolean bare = format.startsWith("%-", i);
      i += bare ? 2 : 1;
      out.append(field(i < format.length() ? format.charAt(i) : '\0', bare, now, format));
    }
    return out.toString();
  }

  private static String field(char code, boolean bare, ZonedDateTime now, String format) {
    switch (code) {
      case '%':
        return "%";
      case 'n':
        return "\n";
      case 't':
        return "\t";
      case 'Z', 'z':
        return ""; // datetime.now() has no time zone
      case 'u':
        return Integer.toString(now.getDayOfWeek().getValue());
      case 'w':
        return Integer.toString(now.getDayOfWeek().getValue() % 7);
      default:
    }
    String pattern = PATTERNS.get(code);
    if (pattern == null) {
      throw new TemplateFault("the time format '" + format + "' is not understood");
    }
    String text = DateTimeFormatter.ofPattern(pattern, Locale.ENGLISH).format(now);
    return bare ? text.replaceFirst("^0+(?=\\d)", "") : text;
  }
}
