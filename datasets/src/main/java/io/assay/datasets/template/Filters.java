package io.assay.datasets.template;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** jinja2's filters on texts and numbers, and the harness's own {@code regex_replace}. */
final class Filters {
  private static final Set<String> NAMES =
      Set.of(
          "abs",
          "capitalize",
          "center",
          "count",
          "d",
          "default",
          "e",
          "escape",
          "float",
          "format",
          "indent",
          "int",
          "length",
          "lower",
          "regex_replace",
          "replace",
          "round",
          "safe",
          "string",
          "title",
          "tojson",
          "trim",
          "truncate",
          "upper",
          "urlencode",
          "wordcount");

  private static final Set<String> NEEDS_A_VALUE =
      Set.of("abs", "dictsort", "float", "int", "round", "tojson");

  private static final Pattern WORD = Pattern.compile("\\w+", Pattern.UNICODE_CHARACTER_CLASS);
  private static final Pattern TITLE_PARTS = Pattern.compile("([-\\s({\\[<]+)");
  private static final Pattern FLOAT =
      Pattern.compile("[+-]?(?:\\d(?:_?\\d)*\\.?\\d*|\\.\\d+)(?:[eE][+-]?\\d+)?");
  private static final Pattern INTEGER = Pattern.compile("[+-]?\\d(?:_?\\d)*");

  private Filters() {}

  static void check(Token name) {
    if (!NAMES.contains(name.text()) && !SequenceFilters.NAMES.contains(name.text())) {
      throw new TemplateFault("line " + name.line() + ": no filter is named '" + name.text() + "'");
    }
  }

  /** The value of {@code raw|name(a, named)}; it may be {@link Undefined}. */
  static Object apply(
      Dialect dialect, String name, Object raw, List<Object> a, Map<String, Object> named) {
    if (name.equals("default") || name.equals("d")) {
      return defaultValue(raw, a, named);
    }
    Object value = Undefined.isLenient(raw) ? nothing(name, raw) : Python.defined(raw);
    if (!a.isEmpty()) {
      Meter.search(value, a.getFirst());
    }
    Object result = compute(dialect, name, value, a, named);
    Meter.made(result);
    return result;
  }

  /** What a filter takes for a value that is leniently undefined: no text, no items. */
  private static Object nothing(String name, Object undefined) {
    if (NEEDS_A_VALUE.contains(name)) {
      return Python.defined(undefined);
    }
    return name.equals("items") ? Map.of() : SequenceFilters.NAMES.contains(name) ? List.of() : "";
  }

  private static Object compute(
      Dialect dialect, String name, Object value, List<Object> a, Map<String, Object> named) {
    return switch (name) {
      case "string" -> PythonText.str(value);
      case "safe" -> value;
      case "upper" -> PythonText.str(value).toUpperCase(Locale.ROOT);
      case "lower" -> PythonText.str(value).toLowerCase(Locale.ROOT);
      case "capitalize" -> StringMethods.capitalize(PythonText.str(value));
      case "title" -> title(PythonText.str(value));
      case "trim" -> {
        Object characters = argument(a, named, 0, "chars", null);
        yield StringMethods.strip(
            PythonText.str(value),
            characters == null ? null : Python.string(characters),
            true,
            true);
      }
      case "center" ->
          StringMethods.call(
              PythonText.str(value),
              "center",
              List.of(argument(a, named, 0, "width", 80L)),
              Map.of());
      case "replace" -> replace(value, a, named);
      case "regex_replace" ->
          Substitution.of(
              Python.string(argument(a, named, 0, "pattern", null)),
              Python.string(argument(a, named, 1, "repl", null)),
              Python.string(value),
              Python.toInt(argument(a, named, 2, "count", 0L)));
      case "format" ->
          PythonFormat.percent(PythonText.str(value), named.isEmpty() ? new Tuple(a) : named);
      case "indent" -> indent(PythonText.str(value), a, named);
      case "truncate" -> truncate(PythonText.str(value), a, named);
      case "wordcount" -> WORD.matcher(PythonText.str(value)).results().count();
      case "urlencode" -> urlEncode(PythonText.str(value));
      case "e", "escape" -> escape(PythonText.str(value));
      case "tojson" ->
          dialect == Dialect.CHAT ? JsonText.plain(value, a, named) : JsonText.html(value);
      case "length", "count" -> (long) Python.length(value);
      case "abs" ->
          value instanceof Double d
              ? (Object) Math.abs(d)
              : Python.integer(Python.bigInteger(value).abs());
      case "int" -> toInteger(value, argument(a, named, 0, "default", 0L));
      case "float" -> toFloat(value, argument(a, named, 0, "default", 0.0));
      case "round" -> round(value, a, named);
      default -> SequenceFilters.apply(dialect, name, value, a, named);
    };
  }

  static Object argument(
      List<Object> a, Map<String, Object> named, int index, String name, Object otherwise) {
    return index < a.size() ? a.get(index) : named.containsKey(name) ? named.get(name) : otherwise;
  }

  private static Object defaultValue(Object raw, List<Object> a, Map<String, Object> named) {
    boolean alsoFalse = Python.truth(argument(a, named, 1, "boolean", false));
    boolean missing = raw instanceof Undefined || (alsoFalse && !Python.truth(raw));
    return missing ? argument(a, named, 0, "default_value", "") : raw;
  }

  private static String replace(Object value, List<Object> a, Map<String, Object> named) {
    Object count = argument(a, named, 2, "count", null);
    return StringMethods.replace(
        PythonText.str(value),
        PythonText.str(argument(a, named, 0, "old", null)),
        PythonText.str(argument(a, named, 1, "new", null)),
        count == null ? -1 : Python.toInt(count));
  }

  /** jinja2's own rule: upper case at the start and after space, dash or opening bracket. */
  private static String title(String text) {
    StringBuilder out = new StringBuilder();
    Matcher matcher = TITLE_PARTS.matcher(text);
    int from = 0;
    while (matcher.find()) {
      out.append(StringMethods.capitalize(text.substring(from, matcher.start())));
      out.append(matcher.group());
      from = matcher.end();
    }
    return out.append(StringMethods.capitalize(text.substring(from))).toString();
  }

  private static String indent(String text, List<Object> a, Map<String, Object> named) {
    Object width = argument(a, named, 0, "width", 4L);
    boolean first = Python.truth(argument(a, named, 1, "first", false));
    boolean blank = Python.truth(argument(a, named, 2, "blank", false));
    String space =
        width instanceof String s ? s : " ".repeat(Math.clamp(Python.toInt(width), 0, 1000));
    String[] lines = text.split("\n", -1);
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < lines.length; i++) {
      boolean shift = i == 0 ? first : blank || !lines[i].isEmpty();
      out.append(i == 0 ? "" : "\n").append(shift ? space : "").append(lines[i]);
      Arithmetic.size(out.length());
    }
    return out.toString();
  }

  private static String truncate(String text, List<Object> a, Map<String, Object> named) {
    int length = Python.toInt(argument(a, named, 0, "length", 255L));
    boolean killWords = Python.truth(argument(a, named, 1, "killwords", false));
    String end = Python.string(argument(a, named, 2, "end", "..."));
    Object leeway = argument(a, named, 3, "leeway", 5L);
    if (Python.length(text) <= length + Python.toInt(leeway == null ? 5L : leeway)) {
      return text;
    }
    int keep = length - Python.length(end);
    if (keep < 0) {
      throw new TemplateFault("truncate to " + length + " leaves no room for '" + end + "'");
    }
    String head = text.substring(0, text.offsetByCodePoints(0, keep));
    int space = head.lastIndexOf(' ');
    return (killWords || space < 0 ? head : head.substring(0, space)) + end;
  }

  private static String urlEncode(String text) {
    StringBuilder out = new StringBuilder();
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      char c = (char) (b & 0xFF);
      boolean plain = c < 0x80 && (Character.isLetterOrDigit(c) || "_.-~/".indexOf(c) >= 0);
      out.append(plain ? String.valueOf(c) : String.format("%%%02X", (int) c));
    }
    return out.toString();
  }

  private static String escape(String text) {
    return text.replace("&", "&amp;")
        .replace(">", "&gt;")
        .replace("<", "&lt;")
        .replace("'", "&#39;")
        .replace("\"", "&#34;");
  }

  private static Object toInteger(Object value, Object otherwise) {
    if (Python.isInteger(value)) {
      return Python.integer(Python.bigInteger(value));
    }
    if (value instanceof String text) {
      String digits = StringMethods.strip(text, null, true, true).replace("_", "");
      if (digits.length() < 1000 && INTEGER.matcher(digits).matches()) {
        return Python.integer(new BigInteger(digits));
      }
    }
    Object number = toFloat(value, null);
    return number instanceof Double d && Double.isFinite(d)
        ? Python.integer(new BigDecimal(d).toBigInteger())
        : otherwise;
  }

  private static Object toFloat(Object value, Object otherwise) {
    if (Python.isNumber(value)) {
      return Python.toDouble(value);
    }
    if (value instanceof String text) {
      String digits = StringMethods.strip(text, null, true, true).replace("_", "");
      if (digits.length() < 1000 && FLOAT.matcher(digits).matches()) {
        return Double.valueOf(digits);
      }
    }
    return otherwise;
  }

  /** Python rounds the exact binary value half to even; the result is always a float. */
  private static Object round(Object value, List<Object> a, Map<String, Object> named) {
    int digits = Python.toInt(argument(a, named, 0, "precision", 0L));
    String method = Python.string(argument(a, named, 1, "method", "common"));
    RoundingMode mode =
        switch (method) {
          case "common" -> RoundingMode.HALF_EVEN;
          case "ceil" -> RoundingMode.CEILING;
          case "floor" -> RoundingMode.FLOOR;
          default -> throw new TemplateFault("round knows common, ceil and floor, not " + method);
        };
    if (Math.abs(digits) > 300) {
      throw new TemplateFault("round to " + digits + " digits is out of range");
    }
    if (Python.isInteger(value) && method.equals("common")) {
      return digits >= 0
          ? Python.integer(Python.bigInteger(value))
          : Python.integer(
              new BigDecimal(Python.bigInteger(value)).setScale(digits, mode).toBigInteger());
    }
    double number = Python.toDouble(value);
    return Double.isFinite(number)
        ? new BigDecimal(number).setScale(digits, mode).doubleValue()
        : number;
  }
}
