package io.assay.datasets.template;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/** {@code str()} and {@code repr()} of Python values. */
public final class PythonText {
  private static final int SHOWN = 60;

  private PythonText() {}

  /** {@code str(value)}: True, None, 1.0, {@code ['a', "b's"]}. */
  public static String str(Object raw) {
    if (Undefined.isLenient(raw)) {
      return "";
    }
    Object value = Python.defined(raw);
    return value instanceof String text ? text : repr(value);
  }

  /** {@code repr(value)}. */
  public static String repr(Object raw) {
    StringBuilder out = new StringBuilder();
    repr(raw, out, 0);
    return out.toString();
  }

  private static void repr(Object raw, StringBuilder out, int depth) {
    Meter.nested(depth);
    Arithmetic.size(out.length());
    if (Undefined.isLenient(raw)) {
      out.append("Undefined");
      return;
    }
    switch (Python.defined(raw)) {
      case null -> out.append("None");
      case Boolean b -> out.append(b ? "True" : "False");
      case Long l -> out.append(l);
      case BigInteger b -> out.append(b);
      case Double d -> out.append(number(d));
      case String s -> quote(s, out);
      case Tuple t -> sequence(t, "(", t.size() == 1 ? ",)" : ")", out, depth);
      case List<?> l -> sequence(l, "[", "]", out, depth);
      case Map<?, ?> m -> {
        String separator = "{";
        for (Map.Entry<?, ?> entry : m.entrySet()) {
          out.append(separator);
          repr(entry.getKey(), out, depth + 1);
          out.append(": ");
          repr(entry.getValue(), out, depth + 1);
          separator = ", ";
        }
        out.append(m.isEmpty() ? "{}" : "}");
      }
      case BoundMethod method ->
          throw new TemplateFault("the method '" + method.name() + "' is printed but not called");
      case Function function ->
          throw new TemplateFault(
              "the function '" + function.name() + "' is printed but not called");
      case Macro macro -> out.append("<Macro '").append(macro.node().name()).append("'>");
      default -> throw new TemplateFault("this object cannot be printed");
    }
  }

  private static void sequence(
      List<?> items, String open, String close, StringBuilder out, int depth) {
    out.append(open);
    for (Iterator<?> i = items.iterator(); i.hasNext(); ) {
      repr(i.next(), out, depth + 1);
      if (i.hasNext()) {
        out.append(", ");
      }
    }
    out.append(close);
  }

  /** Shortest digits that read back, exponent below -4 and from 16 on: {@code float.__repr__}. */
  static String number(double value) {
    if (Double.isNaN(value)) {
      return "nan";
    }
    if (Double.isInfinite(value)) {
      return value > 0 ? "inf" : "-inf";
    }
    if (value == 0) {
      return 1 / value < 0 ? "-0.0" : "0.0";
    }
    BigDecimal decimal = new BigDecimal(Double.toString(value)).stripTrailingZeros();
    int exponent = decimal.precision() - decimal.scale() - 1;
    if (exponent >= -4 && exponent < 16) {
      String plain = decimal.toPlainString();
      return plain.indexOf('.') >= 0 ? plain : plain + ".0";
    }
    String digits = decimal.unscaledValue().abs().toString();
    return (decimal.signum() < 0 ? "-" : "")
        + digits.charAt(0)
        + (digits.length() > 1 ? "." + digits.substring(1) : "")
        + String.format("e%s%02d", exponent < 0 ? "-" : "+", Math.abs(exponent));
  }

  private static void quote(String text, StringBuilder out) {
    char mark = text.indexOf('\'') >= 0 && text.indexOf('"') < 0 ? '"' : '\'';
    out.append(mark);
    text.codePoints()
        .forEach(
            c -> {
              if (c == mark || c == '\\') {
                out.append('\\').append((char) c);
              } else if (c == '\n') {
                out.append("\\n");
              } else if (c == '\r') {
                out.append("\\r");
              } else if (c == '\t') {
                out.append("\\t");
              } else if (printable(c)) {
                out.appendCodePoint(c);
              } else {
                out.append(
                    c < 0x100
                        ? String.format("\\x%02x", c)
                        : c < 0x10000 ? String.format("\\u%04x", c) : String.format("\\U%08x", c));
              }
            });
    out.append(mark);
  }

  /**
   * {@code str.isprintable}: not a control, format, separator (but the space) or unassigned one.
   */
  private static boolean printable(int c) {
    return c == ' '
        || switch (Character.getType(c)) {
          case Character.CONTROL,
              Character.FORMAT,
              Character.SURROGATE,
              Character.PRIVATE_USE,
              Character.UNASSIGNED,
              Character.LINE_SEPARATOR,
              Character.PARAGRAPH_SEPARATOR,
              Character.SPACE_SEPARATOR ->
              false;
          default -> true;
        };
  }

  /** For error messages: short. */
  static String shown(Object value) {
    if (value instanceof Undefined undefined) {
      return undefined.message();
    }
    String text =
        switch (value) {
          case null -> "None";
          case Loop l -> "the loop";
          case Namespace n -> "the namespace";
          case BoundMethod m -> "the method '" + m.name() + "'";
          case Function f -> "the function '" + f.name() + "'";
          case Macro m -> "the macro '" + m.node().name() + "'";
          default -> Python.typeName(value) + " " + repr(value);
        };
    return text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "...";
  }
}
