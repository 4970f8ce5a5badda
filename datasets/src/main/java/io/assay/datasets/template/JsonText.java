package io.assay.datasets.template;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** {@code tojson} of both dialects: Python's {@code json.dumps} with the settings each one has. */
final class JsonText {
  private final StringBuilder out = new StringBuilder();
  private final boolean ascii;
  private final boolean sorted;
  private final String indent; // of one level, null for a single line
  private final String between;
  private final String colon;

  private JsonText(boolean ascii, boolean sorted, String indent, String between, String colon) {
    this.ascii = ascii;
    this.sorted = sorted;
    this.indent = indent;
    this.between = between;
    this.colon = colon;
  }

  /** jinja2's own: keys in order, safe inside HTML. */
  static String html(Object value) {
    return new JsonText(true, true, null, ", ", ": ")
        .text(value)
        .replace("<", "\\u003c")
        .replace(">", "\\u003e")
        .replace("&", "\\u0026")
        .replace("'", "\\u0027");
  }

  /** transformers' {@code tojson(x, ensure_ascii=False, indent, separators, sort_keys)}. */
  static String plain(Object value, List<Object> a, Map<String, Object> named) {
    boolean ascii = Python.truth(Filters.argument(a, named, 0, "ensure_ascii", false));
    Object indent = Filters.argument(a, named, 1, "indent", null);
    Object separators = Filters.argument(a, named, 2, "separators", null);
    boolean sorted = Python.truth(Filters.argument(a, named, 3, "sort_keys", false));
    String step =
        switch (indent) {
          case null -> null;
          case String text -> text;
          default -> " ".repeat(Math.clamp(Python.toInt(indent), 0, 100));
        };
    String between = step == null ? ", " : ",";
    String colon = ": ";
    if (separators != null) {
      List<Object> both = Python.iterate(separators);
      if (both.size() != 2) {
        throw new TemplateFault("tojson takes two separators, found " + both.size());
      }
      between = Python.string(both.get(0));
      colon = Python.string(both.get(1));
    }
    return new JsonText(ascii, sorted, step, between, colon).text(value);
  }

  private String text(Object value) {
    write(value, 0);
    return out.toString();
  }

  private void write(Object raw, int depth) {
    Meter.nested(depth);
    Arithmetic.size(out.length());
    switch (Python.defined(raw)) {
      case null -> out.append("null");
      case Boolean b -> out.append(b);
      case String text -> quote(text);
      case List<?> list -> {
        out.append('[');
        for (int i = 0; i < list.size(); i++) {
          out.append(i == 0 ? "" : between);
          line(depth + 1);
          write(list.get(i), depth + 1);
        }
        close(list.isEmpty(), depth, ']');
      }
      case Map<?, ?> map -> {
        List<Object> keys = new ArrayList<>(map.keySet());
        if (sorted) {
          keys.sort(Python::compare);
        }
        out.append('{');
        String separator = "";
        for (Object key : keys) {
          out.append(separator);
          line(depth + 1);
          quote(key(key));
          out.append(colon);
          write(map.get(key), depth + 1);
          separator = between;
        }
        close(keys.isEmpty(), depth, '}');
      }
      case Number number -> out.append(number(number));
      default -> throw new TemplateFault("this object has no JSON form");
    }
  }

  private void line(int depth) {
    if (indent != null) {
      Arithmetic.size(out.length() + (long) indent.length() * depth);
      out.append('\n').append(indent.repeat(depth));
    }
  }

  private void close(boolean empty, int depth, char bracket) {
    if (!empty) {
      line(depth);
    }
    out.append(bracket);
  }

  private static String key(Object key) {
    return switch (Python.of(key)) {
      case null -> "null";
      case String text -> text;
      case Boolean b -> b.toString();
      case Number number -> number(number);
      default -> throw new TemplateFault("a key of JSON is a text, found " + PythonText.shown(key));
    };
  }

  private static String number(Number number) {
    if (number instanceof Double d && !Double.isFinite(d)) {
      return Double.isNaN(d) ? "NaN" : d > 0 ? "Infinity" : "-Infinity";
    }
    return PythonText.repr(number);
  }

  private void quote(String text) {
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      int simple = "\"\\\n\r\t\f\b".indexOf(c);
      if (simple >= 0) {
        out.append('\\').append("\"\\nrtfb".charAt(simple));
      } else if (c < 0x20 || (ascii && c > 0x7E)) {
        out.append(String.format("\\u%04x", (int) c));
      } else {
        out.append(c);
      }
    }
    out.append('"');
  }
}
