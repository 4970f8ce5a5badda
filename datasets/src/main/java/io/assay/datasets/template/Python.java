package io.assay.datasets.template;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Python's values in Java: None is null, bool {@link Boolean}, int {@link Long} or {@link
 * BigInteger}, float {@link Double}, str {@link String}, list {@link List}, tuple {@link Tuple},
 * dict {@link Map}.
 */
final class Python {
  private static final BigInteger MIN = BigInteger.valueOf(Long.MIN_VALUE);
  private static final BigInteger MAX = BigInteger.valueOf(Long.MAX_VALUE);

  private Python() {}

  /** The smallest of the two integer types that holds {@code value}. */
  static Object integer(BigInteger value) {
    return value.compareTo(MIN) >= 0 && value.compareTo(MAX) <= 0
        ? (Object) value.longValue()
        : value;
  }

  /** A value from outside (a document's field) in the types above; checks for undefined. */
  static Object of(Object value) {
    return switch (value) {
      case null -> null;
      case Integer i -> i.longValue();
      case Short s -> s.longValue();
      case Byte b -> b.longValue();
      case Float f -> f.doubleValue();
      case BigDecimal d -> d.doubleValue();
      case BigInteger b -> integer(b);
      default -> value;
    };
  }

  /** {@code value}, or the error of its being undefined. */
  static Object defined(Object value) {
    if (value instanceof Undefined undefined) {
      throw undefined.fault();
    }
    return of(value);
  }

  /** {@code value} to hand on: only what is strictly undefined is an error. */
  static Object passed(Object value) {
    return Undefined.isLenient(value) ? value : defined(value);
  }

  static String typeName(Object value) {
    return switch (of(value)) {
      case null -> "None";
      case Boolean b -> "bool";
      case Long l -> "int";
      case BigInteger b -> "int";
      case Double d -> "float";
      case String s -> "str";
      case Tuple t -> "tuple";
      case List<?> l -> "list";
      case Map<?, ?> m -> "dict";
      case Undefined u -> throw u.fault();
      default -> "object";
    };
  }

  static boolean truth(Object raw) {
    if (Undefined.isLenient(raw)) {
      return false;
    }
    return switch (defined(raw)) {
      case null -> false;
      case Boolean b -> b;
      case Long l -> l != 0;
      case Double d -> d != 0;
      case String s -> !s.isEmpty();
      case List<?> l -> !l.isEmpty();
      case Map<?, ?> m -> !m.isEmpty();
      default -> true;
    };
  }

  static boolean isNumber(Object value) {
    return value instanceof Long
        || value instanceof BigInteger
        || value instanceof Double
        || value instanceof Boolean;
  }

  static boolean isInteger(Object value) {
    return value instanceof Long || value instanceof BigInteger || value instanceof Boolean;
  }

  static BigInteger bigInteger(Object value) {
    return switch (value) {
      case Boolean b -> b ? BigInteger.ONE : BigInteger.ZERO;
      case Long l -> BigInteger.valueOf(l);
      case BigInteger b -> b;
      case null -> throw new TemplateFault("an integer is needed, found None");
      default -> throw new TemplateFault("an integer is needed, found " + PythonText.shown(value));
    };
  }

  static double toDouble(Object value) {
    return value instanceof Double d ? d : bigInteger(value).doubleValue();
  }

  /** An index or count; anything beyond an int is an error. */
  static int toInt(Object raw) {
    BigInteger value = bigInteger(defined(raw));
    if (value.bitLength() > 31) {
      throw new TemplateFault("the number " + value + " is too large here");
    }
    return value.intValue();
  }

  static String string(Object raw) {
    Object value = defined(raw);
    if (value instanceof String text) {
      return text;
    }
    throw new TemplateFault("a text is needed, found " + PythonText.shown(value));
  }

  /** {@code a == b}. */
  static boolean equal(Object rawA, Object rawB) {
    return equal(rawA, rawB, 0);
  }

  private static boolean equal(Object rawA, Object rawB, int depth) {
    Meter.nested(depth);
    if (Undefined.isLenient(rawA) || Undefined.isLenient(rawB)) {
      return rawA instanceof Undefined && rawB instanceof Undefined;
    }
    Object a = defined(rawA);
    Object b = defined(rawB);
    if (isNumber(a) && isNumber(b)) {
      return compareNumbers(a, b) == 0;
    }
    if (a instanceof List<?> x && b instanceof List<?> y) {
      if (a instanceof Tuple != b instanceof Tuple || x.size() != y.size()) {
        return false;
      }
      for (int i = 0; i < x.size(); i++) {
        if (!equal(x.get(i), y.get(i), depth + 1)) {
          return false;
        }
      }
      return true;
    }
    if (a instanceof Map<?, ?> x && b instanceof Map<?, ?> y) {
      return x.size() == y.size()
          && x.entrySet().stream()
              .allMatch(
                  e ->
                      y.containsKey(e.getKey())
                          && equal(e.getValue(), y.get(e.getKey()), depth + 1));
    }
    return Objects.equals(a, b);
  }

  /** Numbers by value; NaN equals nothing and orders after everything. */
  private static int compareNumbers(Object a, Object b) {
    if (a instanceof Double || b instanceof Double) {
      double x = toDouble(a);
      double y = toDouble(b);
      if (Double.isNaN(x) || Double.isNaN(y)) {
        return 1;
      }
      return x < y ? -1 : x > y ? 1 : 0;
    }
    return bigInteger(a).compareTo(bigInteger(b));
  }

  /** Order of two values of one kind; Python's TypeError otherwise. */
  static int compare(Object rawA, Object rawB) {
    return compare(rawA, rawB, 0);
  }

  private static int compare(Object rawA, Object rawB, int depth) {
    Meter.nested(depth);
    Object a = defined(rawA);
    Object b = defined(rawB);
    if (isNumber(a) && isNumber(b)) {
      return compareNumbers(a, b);
    }
    if (a instanceof String x && b instanceof String y) {
      return compareCodePoints(x, y);
    }
    if (a instanceof List<?> x
        && b instanceof List<?> y
        && a instanceof Tuple == b instanceof Tuple) {
      for (int i = 0; i < Math.min(x.size(), y.size()); i++) {
        if (!equal(x.get(i), y.get(i), depth + 1)) {
          return compare(x.get(i), y.get(i), depth + 1);
        }
      }
      return Integer.compare(x.size(), y.size());
    }
    throw new TemplateFault(
        "values of type " + typeName(a) + " and " + typeName(b) + " cannot be ordered");
  }

  private static int compareCodePoints(String a, String b) {
    int[] x = a.codePoints().toArray();
    int[] y = b.codePoints().toArray();
    return java.util.Arrays.compare(x, y);
  }

  static boolean contains(Object rawItem, Object rawContainer) {
    if (Undefined.isLenient(rawContainer)) {
      return false;
    }
    Object item = passed(rawItem);
    Meter.search(rawContainer, item);
    return switch (defined(rawContainer)) {
      case String text -> text.contains(string(item));
      case Map<?, ?> map -> map.containsKey(key(item));
      case List<?> list -> list.stream().anyMatch(x -> equal(x, item));
      case null -> throw new TemplateFault("'in' needs a text, list or dict, found None");
      default ->
          throw new TemplateFault(
              "'in' needs a text, list or dict, found " + PythonText.shown(rawContainer));
    };
  }

  /** A dict key: 1, 1.0 and True are the same one. */
  static Object key(Object raw) {
    return switch (defined(raw)) {
      case null -> null;
      case Boolean b -> b ? 1L : 0L;
      case Double d -> d == Math.rint(d) && Math.abs(d) < 9e15 ? (Object) d.longValue() : d;
      case Tuple t -> {
        if (!t.hashable()) {
          throw new TemplateFault("a tuple that holds a list or dict cannot be a key");
        }
        yield t;
      }
      case List<?> l -> throw new TemplateFault("a list cannot be a key");
      case Map<?, ?> m -> throw new TemplateFault("a dict cannot be a key");
      default -> raw;
    };
  }

  /** Items as {@code for} and {@code list()} see them: characters of a text, keys of a dict. */
  static List<Object> iterate(Object raw) {
    if (Undefined.isLenient(raw)) {
      return new ArrayList<>();
    }
    return switch (defined(raw)) {
      case String text -> {
        Meter.steps(text.length() / 2);
        yield new ArrayList<>(text.codePoints().mapToObj(Character::toString).toList());
      }
      case List<?> list -> new ArrayList<>(list);
      case Map<?, ?> map -> new ArrayList<>(map.keySet());
      case null -> throw new TemplateFault("None is not iterable");
      default -> throw new TemplateFault(PythonText.shown(raw) + " is not iterable");
    };
  }

  static int length(Object raw) {
    if (Undefined.isLenient(raw)) {
      return 0;
    }
    return switch (defined(raw)) {
      case String text -> text.codePointCount(0, text.length());
      case List<?> list -> list.size();
      case Map<?, ?> map -> map.size();
      case null -> throw new TemplateFault("None has no length");
      default -> throw new TemplateFault(PythonText.shown(raw) + " has no length");
    };
  }

  /** {@code object[key]}, undefined if there is none. */
  static Object item(Object rawObject, Object rawKey) {
    Object object = defined(rawObject);
    Object key = defined(rawKey);
    if (object instanceof Map<?, ?> map && map.containsKey(key(key))) {
      return of(map.get(key(key)));
    }
    if (object instanceof List<?> list && isInteger(key)) {
      int i = index(key, list.size());
      return i < 0 ? outOfRange(object, key, list.size()) : of(list.get(i));
    }
    if (object instanceof String text && isInteger(key)) {
      int size = length(text);
      int i = index(key, size);
      return i < 0
          ? outOfRange(object, key, size)
          : Character.toString(text.codePointAt(text.offsetByCodePoints(0, i)));
    }
    return key instanceof String name
        ? attributeOnly(object, name)
        : new Undefined(PythonText.shown(object) + " has no item " + PythonText.repr(key));
  }

  private static Undefined outOfRange(Object object, Object key, int size) {
    return new Undefined(
        "the " + typeName(object) + " has no element " + PythonText.repr(key) + ", only " + size);
  }

  /** {@code object.name}: a method first, then an item, as jinja2 looks. */
  static Object attribute(Object rawObject, String name) {
    Object object = defined(rawObject);
    Object found = attributeOnly(object, name);
    if (found instanceof Undefined && object instanceof Map<?, ?> map && map.containsKey(name)) {
      return of(map.get(name));
    }
    return found;
  }

  private static Object attributeOnly(Object object, String name) {
    if (object instanceof Loop loop) {
      return name.equals("cycle") ? new BoundMethod(loop, name) : loop.get(name);
    }
    if (object instanceof Namespace space && space.fields.containsKey(name)) {
      return space.fields.get(name);
    }
    return Methods.exists(object, name)
        ? new BoundMethod(object, name)
        : new Undefined(PythonText.shown(object) + " has no attribute '" + name + "'");
  }

  /** Position from 0 for a possibly negative one, or -1 outside. */
  private static int index(Object key, int size) {
    BigInteger i = bigInteger(key);
    if (i.signum() < 0) {
      i = i.add(BigInteger.valueOf(size));
    }
    return i.signum() < 0 || i.compareTo(BigInteger.valueOf(size)) >= 0 ? -1 : i.intValue();
  }

  /** {@code object[from:to:step]} of a text, list or tuple; null bounds are absent. */
  static Object slice(Object raw, Object from, Object to, Object step) {
    Object object = defined(raw);
    if (!(object instanceof String) && !(object instanceof List<?>)) {
      throw new TemplateFault("a slice needs a text or a list, found " + PythonText.shown(object));
    }
    List<Object> items = iterate(object);
    int size = items.size();
    int by = step == null ? 1 : clamp(step);
    if (by == 0) {
      throw new TemplateFault("the step of a slice cannot be 0");
    }
    int low = by > 0 ? 0 : -1;
    int high = by > 0 ? size : size - 1;
    int start = from == null ? (by > 0 ? low : high) : bound(clamp(from), size, low, high);
    int stop = to == null ? (by > 0 ? high : low) : bound(clamp(to), size, low, high);
    List<Object> taken = new ArrayList<>();
    for (long i = start; by > 0 ? i < stop : i > stop; i += by) {
      taken.add(items.get((int) i));
    }
    if (object instanceof String) {
      StringBuilder text = new StringBuilder();
      taken.forEach(text::append);
      return text.toString();
    }
    return object instanceof Tuple ? new Tuple(taken) : taken;
  }

  private static int clamp(Object raw) {
    BigInteger value = bigInteger(defined(raw));
    BigInteger limit = BigInteger.valueOf(1L << 30);
    return value.min(limit).max(limit.negate()).intValue();
  }

  private static int bound(int value, int size, int low, int high) {
    int shifted = value < 0 ? value + size : value;
    return Math.max(low, Math.min(high, shifted));
  }

  /** A dict with Python's treatment of keys. */
  static Map<Object, Object> dict(List<?> keys, List<?> values) {
    Map<Object, Object> map = new LinkedHashMap<>();
    for (int i = 0; i < keys.size(); i++) {
      map.put(key(keys.get(i)), passed(values.get(i)));
    }
    return map;
  }
}
