package io.assay.datasets.task;

import io.assay.datasets.DataErrorCode;
import io.assay.datasets.DataException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Typed access to a mapping of a task file; a value of the wrong kind is an error that names file,
 * line and key.
 */
final class Section {
  private final YamlFile file;
  private final String path;
  private final Map<?, ?> values;

  private Section(YamlFile file, String path, Map<?, ?> values) {
    this.file = file;
    this.path = path;
    this.values = values;
  }

  static Section of(YamlFile file) {
    return new Section(file, "", file.values());
  }

  /** The mapping at {@code key}; an empty one if it is absent. */
  Section section(String key) {
    Object value = values.get(key);
    if (value == null) {
      return new Section(file, name(key), Map.of());
    }
    if (value instanceof Map<?, ?> map) {
      return new Section(file, name(key), map);
    }
    throw wrong(key, "a mapping", value);
  }

  /** A mapping that stands in the list at {@code key}. */
  Section inner(String key, int index, Map<?, ?> item) {
    return new Section(file, YamlFile.item(name(key), index), item);
  }

  /** The mappings listed at {@code key}; null if it is absent. */
  List<Section> sections(String key) {
    Object value = values.get(key);
    if (value == null) {
      return null;
    }
    if (!(value instanceof List<?> list)) {
      throw wrong(key, "a list", value);
    }
    List<Section> sections = new ArrayList<>();
    for (Object item : list) {
      if (!(item instanceof Map<?, ?> map)) {
        throw wrong(key, "a list of mappings", item);
      }
      sections.add(inner(key, sections.size(), map));
    }
    return List.copyOf(sections);
  }

  /** The keys of this section but {@code without}, with their places, as those of a file. */
  YamlFile detached(Set<String> without) {
    Map<String, Object> own = new LinkedHashMap<>();
    Map<String, YamlFile.Place> places = new LinkedHashMap<>();
    String prefix = path.isEmpty() ? "" : path + ".";
    values.forEach(
        (key, value) -> {
          if (!without.contains((String) key)) {
            own.put((String) key, value);
          }
        });
    file.places()
        .forEach(
            (at, place) -> {
              if (at.startsWith(prefix) && own.containsKey(first(at.substring(prefix.length())))) {
                places.put(at.substring(prefix.length()), place);
              }
            });
    return new YamlFile(file.file(), own, places);
  }

  /** The key that a path begins with. */
  private static String first(String at) {
    return at.split("[.\\[]", 2)[0];
  }

  boolean has(String key) {
    return values.get(key) != null;
  }

  Object get(String key) {
    return values.get(key);
  }

  Map<?, ?> values() {
    return values;
  }

  /** Text at {@code key}, {@code otherwise} if absent. */
  String text(String key, String otherwise) {
    Object value = values.get(key);
    if (value == null) {
      return otherwise;
    }
    if (value instanceof String text) {
      return text;
    }
    throw wrong(key, "a text", value);
  }

  String required(String key) {
    if (!has(key)) {
      throw invalid(key, "the key '" + name(key) + "' is missing");
    }
    return text(key, null);
  }

  /** Whole number from {@code least} on. */
  int integer(String key, int otherwise, int least) {
    Object value = values.get(key);
    if (value == null) {
      return otherwise;
    }
    if (value instanceof Long number && number >= least && number <= Integer.MAX_VALUE) {
      return number.intValue();
    }
    throw wrong(key, "a whole number from " + least + " on", value);
  }

  double number(String key, double otherwise) {
    Object value = values.get(key);
    if (value == null) {
      return otherwise;
    }
    if (value instanceof Number number && Double.isFinite(number.doubleValue())) {
      return number.doubleValue();
    }
    throw wrong(key, "a number", value);
  }

  /** A boolean, null if absent. */
  Boolean flag(String key) {
    Object value = values.get(key);
    if (value == null || value instanceof Boolean) {
      return (Boolean) value;
    }
    throw wrong(key, "true or false", value);
  }

  /** One text or a list of texts; empty if absent. */
  List<String> texts(String key) {
    Object value = values.get(key);
    if (value == null) {
      return List.of();
    }
    if (value instanceof String text) {
      return List.of(text);
    }
    if (value instanceof List<?> list && list.stream().allMatch(String.class::isInstance)) {
      return list.stream().map(String.class::cast).toList();
    }
    throw wrong(key, "a text or a list of texts", value);
  }

  /** Refuses keys that are not in {@code known}. */
  void only(Set<String> known) {
    for (Object key : values.keySet()) {
      if (!known.contains(String.valueOf(key))) {
        throw invalid(
            String.valueOf(key),
            "the key '"
                + name(String.valueOf(key))
                + "' is unknown; known here are "
                + String.join(", ", new TreeSet<>(known)));
      }
    }
  }

  DataException wrong(String key, String wanted, Object found) {
    return invalid(key, "the key '" + name(key) + "' is " + wanted + ", found " + shown(found));
  }

  DataException invalid(String key, String message) {
    return new DataException(DataErrorCode.TASK_INVALID, where(key) + ": " + message);
  }

  /** Place of {@code key}, or of the nearest that is around it. */
  String where(String key) {
    String at = name(key);
    while (!at.isEmpty()) {
      YamlFile.Place place = file.places().get(at);
      if (place != null) {
        return place.toString();
      }
      at = at.substring(0, Math.max(0, Math.max(at.lastIndexOf('.'), at.lastIndexOf('['))));
    }
    return new YamlFile.Place(file.file(), 1, 1).toString();
  }

  private String name(String key) {
    return path.isEmpty() ? key : path + "." + key;
  }

  private static String shown(Object value) {
    String text = String.valueOf(value);
    return "'" + (text.length() > 80 ? text.substring(0, 80) + "..." : text) + "'";
  }
}
