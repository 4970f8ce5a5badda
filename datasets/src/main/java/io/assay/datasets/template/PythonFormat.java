package io.assay.datasets.template;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code "..." % values} and {@code "...".format(values)}, the parts of them that tasks use. */
final class PythonFormat {
  private static final Pattern PERCENT =
      Pattern.compile("%(?:\\((\\w+)\\))?([-0+ ]*)([0-9]{0,6})(?:\\.([0-9]{1,3}))?([a-zA-Z%])");
  private static final Pattern BRACES =
      Pattern.compile(
          "\\{\\{|\\}\\}|\\{(\\w*)(?::([<>^]?)(0?)([0-9]{0,6})(,?)(?:\\.([0-9]{1,3}))?([sdf]?))?\\}|[{}]");

  private PythonFormat() {}

  static String percent(String format, Object values) {
    List<?> given = values instanceof Tuple tuple ? tuple : null;
    int[] used = {0};
    StringBuilder out = new StringBuilder();
    Matcher matcher = PERCENT.matcher(format);
    int end = 0;
    for (int i = format.indexOf('%'); i >= 0; i = format.indexOf('%', end)) {
      if (!matcher.find(i) || matcher.start() != i) {
        throw new TemplateFault("the format '" + format + "' is not understood at position " + i);
      }
      out.append(format, end, i);
      end = matcher.end();
      if (matcher.group(5).equals("%")) {
        out.append('%');
        continue;
      }
      Object value =
          matcher.group(1) != null
              ? Python.defined(Python.item(values, matcher.group(1)))
              : next(given, values, used);
      String flags = matcher.group(2);
      int precision = matcher.group(4) == null ? -1 : Integer.parseInt(matcher.group(4));
      String text = percentValue(matcher.group(5).charAt(0), value, precision);
      if (flags.contains("+") && Python.isNumber(value) && !text.startsWith("-")) {
        text = "+" + text;
      }
      int width = matcher.group(3).isEmpty() ? 0 : Integer.parseInt(matcher.group(3));
      boolean zeros = flags.contains("0") && Python.isNumber(value);
      Arithmetic.size((long) out.length() + text.length());
      out.append(pad(text, width, flags.contains("-") ? '<' : '>', zeros));
    }
    if (given != null && used[0] < given.size()) {
      throw new TemplateFault("the format '" + format + "' takes fewer values than given");
    }
    return out.append(format, end, format.length()).toString();
  }

  private static Object next(List<?> given, Object single, int[] used) {
    int size = given == null ? 1 : given.size();
    if (used[0] >= size) {
      throw new TemplateFault("a format needs more values than the " + size + " given");
    }
    return given == null ? singleOnce(single, used) : Python.of(given.get(used[0]++));
  }

  private static Object singleOnce(Object single, int[] used) {
    used[0]++;
    return single;
  }

  private static String percentValue(char kind, Object value, int precision) {
    return switch (kind) {
      case 's' -> cut(PythonText.str(value), precision);
      case 'r' -> cut(PythonText.repr(value), precision);
      case 'd', 'i' ->
          value instanceof Double d
              ? new BigDecimal(d).toBigInteger().toString()
              : Python.bigInteger(value).toString();
      case 'x' -> Python.bigInteger(value).toString(16);
      case 'f', 'F' -> fixed(value, precision < 0 ? 6 : precision);
      default -> throw new TemplateFault("the format %" + kind + " is not supported");
    };
  }

  static String braces(String format, List<Object> positional, Map<String, Object> named) {
    StringBuilder out = new StringBuilder();
    Matcher matcher = BRACES.matcher(format);
    int automatic = 0;
    while (matcher.find()) {
      String whole = matcher.group();
      String replacement;
      if (whole.equals("{{") || whole.equals("}}")) {
        replacement = whole.substring(1);
      } else if (whole.length() == 1) {
        throw new TemplateFault("the format '" + format + "' is not understood");
      } else {
        String name = matcher.group(1);
        Object value;
        if (name.isEmpty() || name.chars().allMatch(c -> c >= '0' && c <= '9')) {
          int index = name.isEmpty() ? automatic++ : Integer.parseInt(name);
          if (index >= positional.size()) {
            throw new TemplateFault("the format '" + format + "' needs more values than given");
          }
          value = positional.get(index);
        } else if (named.containsKey(name)) {
          value = named.get(name);
        } else {
          throw new TemplateFault("the format '" + format + "' has no value '" + name + "'");
        }
        replacement = braceValue(matcher, Python.defined(value));
      }
      matcher.appendReplacement(out, Matcher.quoteReplacement(replacement));
    }
    return matcher.appendTail(out).toString();
  }

  private static String braceValue(Matcher spec, Object value) {
    if (spec.group(7) == null) {
      return PythonText.str(value);
    }
    int precision = spec.group(6) == null ? -1 : Integer.parseInt(spec.group(6));
    boolean number = Python.isNumber(value) && !(value instanceof Boolean);
    String text =
        switch (spec.group(7)) {
          case "f" -> fixed(value, precision < 0 ? 6 : precision);
          case "d" -> Python.bigInteger(value).toString();
          default -> {
            if (precision >= 0 && number) {
              throw new TemplateFault("a precision needs the format f");
            }
            yield cut(PythonText.str(value), precision);
          }
        };
    if (!spec.group(5).isEmpty()) {
      text = thousands(text);
    }
    int width = spec.group(4).isEmpty() ? 0 : Integer.parseInt(spec.group(4));
    char align = spec.group(2).isEmpty() ? (number ? '>' : '<') : spec.group(2).charAt(0);
    return pad(text, width, align, number && !spec.group(3).isEmpty());
  }

  private static String thousands(String number) {
    int dot = number.indexOf('.');
    String whole = dot < 0 ? number : number.substring(0, dot);
    return whole.replaceAll("(?<=\\d)(?=(\\d{3})+$)", ",") + (dot < 0 ? "" : number.substring(dot));
  }

  /** Python rounds the exact binary value half to even. */
  private static String fixed(Object value, int digits) {
    double number = Python.toDouble(value);
    if (Double.isNaN(number) || Double.isInfinite(number)) {
      return PythonText.number(number);
    }
    String text = new BigDecimal(number).setScale(digits, RoundingMode.HALF_EVEN).toPlainString();
    boolean negative = number < 0 || 1 / number < 0;
    return negative && !text.startsWith("-") ? "-" + text : text;
  }

  private static String cut(String text, int precision) {
    return precision < 0 || Python.length(text) <= precision
        ? text
        : text.substring(0, text.offsetByCodePoints(0, precision));
  }

  private static String pad(String text, int width, char align, boolean zeros) {
    int missing = width - Python.length(text);
    if (missing <= 0) {
      return text;
    }
    if (zeros && align == '>') {
      boolean sign = text.startsWith("-") || text.startsWith("+");
      return (sign ? text.substring(0, 1) : "")
          + "0".repeat(missing)
          + text.substring(sign ? 1 : 0);
    }
    int left = align == '<' ? 0 : align == '>' ? missing : missing / 2;
    return " ".repeat(left) + text + " ".repeat(missing - left);
  }
}
