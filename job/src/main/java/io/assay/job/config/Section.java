package io.assay.job.config;

import io.assay.job.UsageException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * A mapping of a run file while it is read: remembers where it stands and which keys were asked
 * for, so that every message names the key's path and {@link #finish} finds the unknown ones.
 * Types, bounds and defaults are those of {@link ConfigKeys}.
 */
final class Section {
  private final String path;
  private final Map<String, Object> values;
  private final TreeSet<String> known = new TreeSet<>();

  Section(String path, Map<String, Object> values) {
    this.path = path;
    this.values = values;
  }

  /** Dotted path of a key of this section. */
  String at(String key) {
    return path.isEmpty() ? key : path + "." + key;
  }

  /** Fails on keys nobody asked for. */
  void finish() {
    for (String key : values.keySet()) {
      if (!known.contains(key)) {
        throw UsageException.config(
            at(key), "unknown key; known keys: " + String.join(", ", known));
      }
    }
  }

  /** A nested mapping; empty when the key is absent or null. */
  Section section(String key) {
    Object value = raw(key);
    if (value == null) {
      return new Section(at(key), Map.of());
    }
    if (value instanceof Map<?, ?> map) {
      return new Section(at(key), keyed(map, at(key)));
    }
    throw wrong(key, "a mapping", value);
  }

  /** A list of mappings; empty when the key is absent or null. */
  List<Section> sections(String key) {
    List<Section> sections = new ArrayList<>();
    for (Object value : list(key)) {
      String place = at(key) + "." + sections.size();
      if (!(value instanceof Map<?, ?> map)) {
        throw UsageException.config(place, "expected a mapping, found " + kind(value));
      }
      sections.add(new Section(place, keyed(map, place)));
    }
    return sections;
  }

  /** A list as it stands; empty when the key is absent or null. */
  List<?> list(String key) {
    Object value = raw(key);
    if (value == null) {
      return List.of();
    }
    if (value instanceof List<?> list) {
      return list;
    }
    throw wrong(key, "a list", value);
  }

  /** A list of texts, or the default when the key is absent or null. */
  List<String> texts(String key) {
    if (raw(key) == null) {
      return standard(key) instanceof List<?> list
          ? list.stream().map(String.class::cast).toList()
          : List.of();
    }
    List<String> texts = new ArrayList<>();
    for (Object value : list(key)) {
      if (!(value instanceof String text)) {
        throw UsageException.config(
            at(key) + "." + texts.size(), "expected text, found " + kind(value));
      }
      texts.add(text);
    }
    return List.copyOf(texts);
  }

  /** Text, or the default when the key is absent or null. */
  String text(String key) {
    return text(key, (String) standard(key));
  }

  /** Text, or another default than the declared one when the key is absent or null. */
  String text(String key, String otherwise) {
    Object value = raw(key);
    if (value == null) {
      return otherwise;
    }
    if (value instanceof String text) {
      return text;
    }
    throw wrong(key, "text", value);
  }

  /** Text that must be there and not be empty. */
  String required(String key) {
    String text = text(key);
    if (text == null || text.isBlank()) {
      throw UsageException.config(at(key), "missing; give a text");
    }
    return text;
  }

  /** One of several words. */
  String choice(String key) {
    ConfigType type = ConfigKeys.at(at(key)).type();
    String text = text(key);
    if (!type.choices().contains(text)) {
      throw UsageException.config(at(key), "found '" + text + "', expected " + type.said());
    }
    return text;
  }

  /** A whole number within the key's bounds, or the default when the key is absent or null. */
  Integer whole(String key) {
    return whole(key, (Integer) standard(key));
  }

  /** The same with another default than the declared one. */
  Integer whole(String key, Integer otherwise) {
    Object value = raw(key);
    if (value == null) {
      return otherwise;
    }
    if (!(value instanceof Integer number)) {
      throw wrong(key, "a whole number", value);
    }
    ConfigType type = ConfigKeys.at(at(key)).type();
    if (!type.allows(number)) {
      throw UsageException.config(
          at(key), "found " + number + ", expected at least " + (int) type.least());
    }
    return number;
  }

  /** A number within the key's bounds, or the default when the key is absent or null. */
  double number(String key) {
    return number(key, ((Number) standard(key)).doubleValue());
  }

  /** The same with another default than the declared one. */
  double number(String key, double otherwise) {
    Object value = raw(key);
    if (value == null) {
      return otherwise;
    }
    if (!(value instanceof Number number)) {
      throw wrong(key, "a number", value);
    }
    ConfigType type = ConfigKeys.at(at(key)).type();
    if (!type.allows(number.doubleValue())) {
      throw UsageException.config(at(key), "found " + value + ", expected a " + type.said());
    }
    return number.doubleValue();
  }

  /** {@code true} or {@code false}, or the default when the key is absent or null. */
  boolean flag(String key) {
    return flag(key, (Boolean) standard(key));
  }

  /** The same with another default than the declared one. */
  boolean flag(String key, boolean otherwise) {
    Object value = raw(key);
    if (value == null) {
      return otherwise;
    }
    if (value instanceof Boolean flag) {
      return flag;
    }
    throw wrong(key, "true or false", value);
  }

  /** Whether the key is there, be its value null. */
  boolean has(String key) {
    known.add(key);
    return values.containsKey(key);
  }

  /** A value of any kind, null when absent. */
  Object raw(String key) {
    known.add(key);
    return values.get(key);
  }

  private Object standard(String key) {
    return ConfigKeys.at(at(key)).standard();
  }

  /** Every entry as text: for settings that are handed on. */
  Map<String, String> settings() {
    Map<String, String> settings = new LinkedHashMap<>();
    values.forEach(
        (key, value) -> {
          if (value == null || value instanceof Map || value instanceof List) {
            throw wrong(key, "text, a number, true or false", value);
          }
          settings.put(key, value.toString());
        });
    known.addAll(values.keySet());
    return settings;
  }

  /** Every entry, of any kind: for values that are handed on. */
  Map<String, Object> values() {
    known.addAll(values.keySet());
    return values;
  }

  UsageException wrong(String key, String expected, Object found) {
    return UsageException.config(at(key), "expected " + expected + ", found " + kind(found));
  }

  /** A mapping whose keys are texts, in their order. */
  static Map<String, Object> keyed(Map<?, ?> map, String path) {
    Map<String, Object> keyed = new LinkedHashMap<>();
    map.forEach(
        (key, value) -> {
          if (!(key instanceof String text)) {
            throw UsageException.config(
                path.isEmpty() ? String.valueOf(key) : path + "." + key,
                "keys are texts, found " + kind(key));
          }
          keyed.put(text, value);
        });
    return keyed;
  }

  /** Names the kind of a YAML value, with the value when it is short. */
  static String kind(Object value) {
    return switch (value) {
      case null -> "nothing";
      case String text ->
          text.length() <= 40
              ? "the text '" + text + "'"
              : "a text of " + text.length() + " characters";
      case Boolean flag -> flag.toString();
      case Number number -> "the number " + number;
      case List<?> list -> "a list of " + list.size();
      case Map<?, ?> map -> "a mapping of " + map.size() + " keys";
      default -> "a " + value.getClass().getSimpleName();
    };
  }
}
