package io.assay.datasets.template;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The methods templates may call: those of Python's str, list and dict that change nothing. */
final class Methods {
  private static final Set<String> LIST = Set.of("index", "count");
  private static final Set<String> DICT = Set.of("items", "keys", "values", "get");
  private static final Set<String> MUTATING =
      Set.of(
          "append", "extend", "insert", "pop", "remove", "update", "sort", "clear", "setdefault");

  private Methods() {}

  static boolean exists(Object object, String name) {
    return switch (object) {
      case null -> false;
      case String s -> StringMethods.NAMES.contains(name);
      case Tuple t -> LIST.contains(name);
      case List<?> l -> LIST.contains(name) || MUTATING.contains(name);
      case Map<?, ?> m -> DICT.contains(name) || MUTATING.contains(name);
      default -> false;
    };
  }

  static Object call(BoundMethod method, List<Object> arguments, Map<String, Object> named) {
    if (MUTATING.contains(method.name())) {
      throw new TemplateFault(
          "'" + method.name() + "' would change a value; templates may only read");
    }
    if (!arguments.isEmpty()) {
      Meter.search(method.object(), arguments.getFirst());
    }
    return switch (method.object()) {
      case String text -> StringMethods.call(text, method.name(), arguments, named);
      case Loop loop -> loop.cycle(arguments);
      case List<?> list -> list(list, method.name(), arguments);
      case Map<?, ?> map -> dict(map, method.name(), arguments);
      default -> throw new TemplateFault("'" + method.name() + "' cannot be called");
    };
  }

  private static Object list(List<?> list, String name, List<Object> arguments) {
    Object wanted = argument(arguments, 0, name);
    long count = 0;
    for (int i = 0; i < list.size(); i++) {
      if (Python.equal(list.get(i), wanted)) {
        if (name.equals("index")) {
          return (long) i;
        }
        count++;
      }
    }
    if (name.equals("index")) {
      throw new TemplateFault(PythonText.shown(wanted) + " is not in the list");
    }
    return count;
  }

  private static Object dict(Map<?, ?> map, String name, List<Object> arguments) {
    return switch (name) {
      case "keys" -> new ArrayList<Object>(map.keySet());
      case "values" -> new ArrayList<Object>(map.values());
      case "items" -> items(map);
      default -> {
        Object key = Python.key(argument(arguments, 0, name));
        Object otherwise = arguments.size() > 1 ? arguments.get(1) : null;
        yield map.containsKey(key) ? Python.of(map.get(key)) : otherwise;
      }
    };
  }

  static List<Object> items(Map<?, ?> map) {
    List<Object> items = new ArrayList<>();
    for (Map.Entry<?, ?> entry : map.entrySet()) {
      List<Object> pair = new ArrayList<>();
      pair.add(entry.getKey());
      pair.add(entry.getValue());
      items.add(new Tuple(pair));
    }
    return items;
  }

  static Object argument(List<Object> arguments, int index, String name) {
    if (index >= arguments.size()) {
      throw new TemplateFault("'" + name + "' needs " + (index + 1) + " argument(s)");
    }
    return Python.defined(arguments.get(index));
  }
}
