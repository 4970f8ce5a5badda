package io.assay.engine.verify;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.assay.engine.EngineException;
import io.assay.engine.ErrorCode;
import io.assay.engine.config.StrictJson;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A place in an expected JSON file. Every accessor says file and key when the value is not there or
 * of another kind.
 */
final class GoldenJson {
  /** Golden files are kilobytes; a tree takes many times the file's size in memory. */
  private static final long MAX_BYTES = 64L << 20;

  private static final ObjectMapper JSON = new ObjectMapper();

  private final JsonNode node;
  private final Path file;
  private final String key;

  private GoldenJson(JsonNode node, Path file, String key) {
    this.node = node;
    this.file = file;
    this.key = key;
  }

  static GoldenJson read(Path file) {
    byte[] bytes = StrictJson.readBytes(file, MAX_BYTES, ErrorCode.GOLDEN_INVALID);
    try (JsonParser parser = StrictJson.parser(bytes)) {
      JsonNode node = JSON.readTree(parser);
      if (node == null || parser.nextToken() != null) {
        throw new EngineException(
            ErrorCode.GOLDEN_INVALID, file + " does not hold exactly one JSON value");
      }
      return new GoldenJson(node, file, "");
    } catch (IOException e) {
      throw StrictJson.notJson(file.toString(), ErrorCode.GOLDEN_INVALID, e);
    }
  }

  boolean has(String name) {
    return node.hasNonNull(name);
  }

  GoldenJson get(String name) {
    return optional(name).orElseThrow(() -> invalid("lacks the key \"" + name + "\""));
  }

  Optional<GoldenJson> optional(String name) {
    return has(name)
        ? Optional.of(new GoldenJson(node.get(name), file, key + "." + name))
        : Optional.empty();
  }

  /** Elements of an array. */
  List<GoldenJson> list() {
    if (!node.isArray()) {
      throw invalid("is not an array");
    }
    List<GoldenJson> items = new ArrayList<>(node.size());
    for (int i = 0; i < node.size(); i++) {
      items.add(new GoldenJson(node.get(i), file, key + "[" + i + "]"));
    }
    return items;
  }

  String text() {
    if (!node.isTextual()) {
      throw invalid("is not a string");
    }
    return node.textValue();
  }

  boolean flag() {
    if (!node.isBoolean()) {
      throw invalid("is not true or false");
    }
    return node.booleanValue();
  }

  double number() {
    if (!node.isNumber()) {
      throw invalid("is not a number");
    }
    return node.doubleValue();
  }

  int count() {
    if (!node.isIntegralNumber() || !node.canConvertToInt() || node.intValue() < 0) {
      throw invalid("is not a whole number from 0");
    }
    return node.intValue();
  }

  /** An array of ids below a limit. */
  int[] ids(int limit) {
    List<GoldenJson> items = list();
    int[] ids = new int[items.size()];
    for (int i = 0; i < ids.length; i++) {
      ids[i] = items.get(i).count();
      if (ids[i] >= limit) {
        throw items.get(i).invalid("is " + ids[i] + ", ids of this model end at " + (limit - 1));
      }
    }
    return ids;
  }

  float[] floats() {
    List<GoldenJson> items = list();
    float[] values = new float[items.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) items.get(i).number();
    }
    return values;
  }

  EngineException invalid(String what) {
    String place = key.isEmpty() ? "its top level" : key.startsWith(".") ? key.substring(1) : key;
    return new EngineException(ErrorCode.GOLDEN_INVALID, file + ": " + place + " " + what);
  }
}
