package io.assay.datasets.template;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;

/** jinja2's filters on lists, tuples and dicts. */
final class SequenceFilters {
  static final Set<String> NAMES =
      Set.of(
          "batch",
          "dictsort",
          "first",
          "items",
          "join",
          "last",
          "list",
          "map",
          "max",
          "min",
          "reject",
          "rejectattr",
          "reverse",
          "select",
          "selectattr",
          "slice",
          "sort",
          "sum",
          "unique");

  private SequenceFilters() {}

  static Object apply(
      Dialect dialect, String name, Object value, List<Object> a, Map<String, Object> named) {
    return switch (name) {
      case "list" -> Python.iterate(value);
      case "first" -> end(Python.iterate(value), true);
      case "last" -> end(Python.iterate(value), false);
      case "join" -> join(value, a, named);
      case "map" -> map(dialect, Python.iterate(value), a, named);
      case "select", "reject", "selectattr", "rejectattr" ->
          select(dialect, name, Python.iterate(value), a);
      case "reverse" -> reverse(value);
      case "sort" -> sort(value, a, named);
      case "max", "min" -> extreme(name, Python.iterate(value), a, named);
      case "sum" -> sum(value, a, named);
      case "unique" -> unique(value, a, named);
      case "batch" -> batch(Python.iterate(value), a, named);
      case "slice" -> slices(Python.iterate(value), a, named);
      case "items" -> Methods.items(dict(value));
      case "dictsort" -> dictSort(dict(value), a, named);
      default -> throw new TemplateFault("no filter is named '" + name + "'");
    };
  }

  private static Map<?, ?> dict(Object value) {
    if (value instanceof Map<?, ?> map) {
      return map;
    }
    throw new TemplateFault("a dict is needed, found " + PythonText.shown(value));
  }

  private static Object end(List<Object> items, boolean first) {
    if (items.isEmpty()) {
      return new Undefined("the list is empty");
    }
    return first ? items.getFirst() : items.getLast();
  }

  private static String join(Object value, List<Object> a, Map<String, Object> named) {
    UnaryOperator<Object> key = attribute(Filters.argument(a, named, 1, "attribute", null));
    List<Object> texts = new ArrayList<>();
    for (Object item : Python.iterate(value)) {
      texts.add(PythonText.str(key.apply(item)));
    }
    return StringMethods.join(PythonText.str(Filters.argument(a, named, 0, "d", "")), texts);
  }

  /**
   * {@code a.b.0}: attributes and items one after the other, undefined if the last is missing; null
   * takes the item itself.
   */
  private static UnaryOperator<Object> attribute(Object path) {
    if (path == null) {
      return item -> item;
    }
    if (!(path instanceof String text)) {
      return item -> Python.item(item, path);
    }
    List<String> parts = List.of(text.split("\\.", -1));
    return item -> {
      Object value = item;
      for (String part : parts) {
        Object key = part.matches("[0-9]{1,9}") ? (Object) Long.valueOf(part) : part;
        value = Python.item(value, key);
      }
      return value;
    };
  }

  private static Object map(
      Dialect dialect, List<Object> items, List<Object> a, Map<String, Object> named) {
    List<Object> mapped = new ArrayList<>();
    if (named.containsKey("attribute")) {
      UnaryOperator<Object> key = attribute(named.get("attribute"));
      Object otherwise = named.get("default");
      for (Object item : items) {
        Object value = dialect.of(key.apply(item));
        mapped.add(
            value instanceof Undefined && otherwise != null ? otherwise : Python.passed(value));
      }
      return mapped;
    }
    String filter = Python.string(Methods.argument(a, 0, "map"));
    Filters.check(new Token(Token.Kind.NAME, filter, 1));
    List<Object> rest = a.subList(1, a.size());
    for (Object item : items) {
      mapped.add(Python.passed(dialect.of(Filters.apply(dialect, filter, item, rest, named))));
    }
    return mapped;
  }

  private static Object select(Dialect dialect, String name, List<Object> items, List<Object> a) {
    boolean byAttribute = name.endsWith("attr");
    boolean keep = name.startsWith("select");
    UnaryOperator<Object> key =
        byAttribute ? attribute(Methods.argument(a, 0, name)) : item -> item;
    int skip = byAttribute ? 1 : 0;
    List<Object> kept = new ArrayList<>();
    for (Object item : items) {
      Object value = dialect.of(key.apply(item));
      boolean holds;
      if (a.size() > skip) {
        String test = Python.string(a.get(skip));
        Tests.check(new Token(Token.Kind.NAME, test, 1));
        holds = Tests.holds(test, value, a.subList(skip + 1, a.size()));
      } else {
        holds = Python.truth(value);
      }
      if (holds == keep) {
        kept.add(item);
      }
    }
    return kept;
  }

  private static Object reverse(Object value) {
    if (value instanceof String text) {
      return new StringBuilder(text).reverse().toString();
    }
    List<Object> items = Python.iterate(value);
    Collections.reverse(items);
    return items;
  }

  /** Texts compare without case unless asked otherwise. */
  private static Comparator<Object> order(boolean caseSensitive, UnaryOperator<Object> key) {
    return (x, y) ->
        Python.compare(fold(key.apply(x), caseSensitive), fold(key.apply(y), caseSensitive));
  }

  private static Object fold(Object value, boolean caseSensitive) {
    return value instanceof String text && !caseSensitive ? text.toLowerCase(Locale.ROOT) : value;
  }

  private static Object sort(Object value, List<Object> a, Map<String, Object> named) {
    boolean reverse = Python.truth(Filters.argument(a, named, 0, "reverse", false));
    boolean caseSensitive = Python.truth(Filters.argument(a, named, 1, "case_sensitive", false));
    UnaryOperator<Object> key = attribute(Filters.argument(a, named, 2, "attribute", null));
    List<Object> items = Python.iterate(value);
    Comparator<Object> order = order(caseSensitive, key);
    items.sort(reverse ? order.reversed() : order);
    return items;
  }

  private static Object extreme(
      String name, List<Object> items, List<Object> a, Map<String, Object> named) {
    boolean caseSensitive = Python.truth(Filters.argument(a, named, 0, "case_sensitive", false));
    UnaryOperator<Object> key = attribute(Filters.argument(a, named, 1, "attribute", null));
    if (items.isEmpty()) {
      return new Undefined("the list is empty");
    }
    Comparator<Object> order = order(caseSensitive, key);
    Object best = items.getFirst();
    for (Object item : items) {
      int sign = order.compare(item, best);
      if (name.equals("max") ? sign > 0 : sign < 0) {
        best = item;
      }
    }
    return best;
  }

  private static Object sum(Object value, List<Object> a, Map<String, Object> named) {
    UnaryOperator<Object> key = attribute(Filters.argument(a, named, 0, "attribute", null));
    Object total = Filters.argument(a, named, 1, "start", 0L);
    for (Object item : Python.iterate(value)) {
      total = Arithmetic.binary("+", total, key.apply(item));
    }
    return total;
  }

  private static Object unique(Object value, List<Object> a, Map<String, Object> named) {
    boolean caseSensitive = Python.truth(Filters.argument(a, named, 0, "case_sensitive", false));
    UnaryOperator<Object> key = attribute(Filters.argument(a, named, 1, "attribute", null));
    Set<Object> seen = new java.util.HashSet<>();
    List<Object> kept = new ArrayList<>();
    for (Object item : Python.iterate(value)) {
      if (seen.add(Python.key(fold(key.apply(item), caseSensitive)))) {
        kept.add(item);
      }
    }
    return kept;
  }

  private static int positive(Object count) {
    int number = Python.toInt(count);
    if (number < 1) {
      throw new TemplateFault("a count of at least 1 is needed, found " + number);
    }
    return number;
  }

  private static Object batch(List<Object> items, List<Object> a, Map<String, Object> named) {
    int size = positive(Methods.argument(a, 0, "batch"));
    Object fill = Filters.argument(a, named, 1, "fill_with", null);
    List<Object> batches = new ArrayList<>();
    for (int i = 0; i < items.size(); i += size) {
      List<Object> part = new ArrayList<>(items.subList(i, Math.min(items.size(), i + size)));
      Arithmetic.size(size);
      while (fill != null && part.size() < size) {
        part.add(fill);
      }
      batches.add(part);
    }
    return batches;
  }

  private static Object slices(List<Object> items, List<Object> a, Map<String, Object> named) {
    int count = positive(Methods.argument(a, 0, "slice"));
    Arithmetic.size(count);
    Object fill = Filters.argument(a, named, 1, "fill_with", null);
    int each = items.size() / count;
    int longer = items.size() % count;
    List<Object> slices = new ArrayList<>();
    int at = 0;
    for (int i = 0; i < count; i++) {
      int size = each + (i < longer ? 1 : 0);
      List<Object> part = new ArrayList<>(items.subList(at, at + size));
      if (fill != null && i >= longer) {
        part.add(fill);
      }
      at += size;
      slices.add(part);
    }
    return slices;
  }

  private static Object dictSort(Map<?, ?> map, List<Object> a, Map<String, Object> named) {
    boolean caseSensitive = Python.truth(Filters.argument(a, named, 0, "case_sensitive", false));
    String by = Python.string(Filters.argument(a, named, 1, "by", "key"));
    boolean reverse = Python.truth(Filters.argument(a, named, 2, "reverse", false));
    UnaryOperator<Object> key = pair -> ((Tuple) pair).get(by.equals("value") ? 1 : 0);
    List<Object> items = Methods.items(map);
    Comparator<Object> order = order(caseSensitive, key);
    items.sort(reverse ? order.reversed() : order);
    return items;
  }
}
