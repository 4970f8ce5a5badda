package io.assay.engine.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.assay.engine.EngineException;
import io.assay.engine.ErrorCode;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Typed access to the keys of one JSON object; every refusal names file, key, what was found and
 * what is allowed.
 *
 * @param file file for messages
 * @param path keys above this object with a trailing dot, empty at the top
 * @param node the object
 */
record ConfigNode(String file, String path, ObjectNode node) {

  /** Whether the key is there with a value other than null. */
  boolean has(String key) {
    return node.hasNonNull(key);
  }

  /** Whether the key is there, even if null. */
  boolean mentions(String key) {
    return node.has(key);
  }

  /** A required integer within bounds. */
  int integer(String key, int min, int max) {
    if (!has(key)) {
      throw missing(key);
    }
    JsonNode value = node.get(key);
    if (!value.isIntegralNumber() || !value.canConvertToLong()) {
      throw invalid(key, "an integer from %d to %d".formatted(min, max));
    }
    long number = value.longValue();
    if (number < min || number > max) {
      throw invalid(key, "an integer from %d to %d".formatted(min, max));
    }
    return (int) number;
  }

  /** An integer within bounds, or a default when absent or null. */
  int integer(String key, int min, int max, int absent) {
    return has(key) ? integer(key, min, max) : absent;
  }

  /** A required finite number within bounds. */
  double number(String key, double min, double max) {
    if (!has(key)) {
      throw missing(key);
    }
    JsonNode value = node.get(key);
    double number = value.doubleValue();
    if (!value.isNumber() || !Double.isFinite(number) || number < min || number > max) {
      throw invalid(key, "a number from %s to %s".formatted(min, max));
    }
    return number;
  }

  /** A finite number within bounds, or a default when absent or null. */
  double number(String key, double min, double max, double absent) {
    return has(key) ? number(key, min, max) : absent;
  }

  /** A boolean, or a default when absent or null. */
  boolean bool(String key, boolean absent) {
    if (!has(key)) {
      return absent;
    }
    if (!node.get(key).isBoolean()) {
      throw invalid(key, "true or false");
    }
    return node.get(key).booleanValue();
  }

  /** A string, or a default when absent or null. */
  String text(String key, String absent) {
    if (!has(key)) {
      return absent;
    }
    if (!node.get(key).isTextual()) {
      throw invalid(key, "a string");
    }
    return node.get(key).textValue();
  }

  /** One of several names and what it stands for. */
  <T> T choice(String key, String absent, Map<String, T> supported) {
    String name = text(key, absent);
    if (name == null) {
      throw missing(key);
    }
    T value = supported.get(name);
    if (value == null) {
      throw unsupported(key, names(supported.keySet()));
    }
    return value;
  }

  /** The object under a key, which must be there. */
  ConfigNode child(String key) {
    if (!(node.get(key) instanceof ObjectNode object)) {
      throw invalid(key, "an object");
    }
    return new ConfigNode(file, path + key + ".", object);
  }

  /** Refuses keys this engine has never heard of: they may change what the model computes. */
  void onlyKeys(Set<String> known) {
    node.fieldNames()
        .forEachRemaining(
            key -> {
              if (!known.contains(key) && has(key)) {
                throw unsupported(key, "the keys " + names(known));
              }
            });
  }

  EngineException missing(String key) {
    return new EngineException(
        ErrorCode.CONFIG_INVALID, "%s lacks the key '%s%s'; add it".formatted(file, path, key));
  }

  EngineException invalid(String key, String expected) {
    return new EngineException(
        ErrorCode.CONFIG_INVALID,
        "%s: '%s%s' is %s, but must be %s".formatted(file, path, key, found(key), expected));
  }

  EngineException unsupported(String key, String supported) {
    return new EngineException(
        ErrorCode.MODEL_UNSUPPORTED,
        "%s: '%s%s' is %s, which this engine does not compute; supported: %s"
            .formatted(file, path, key, found(key), supported));
  }

  private String found(String key) {
    return StrictJson.describe(node.get(key));
  }

  private static String names(Set<String> names) {
    return names.stream().sorted().collect(Collectors.joining(", "));
  }
}
