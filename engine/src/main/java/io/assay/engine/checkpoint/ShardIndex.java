package io.assay.engine.checkpoint;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.assay.engine.EngineException;
import io.assay.engine.ErrorCode;
import io.assay.engine.config.StrictJson;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeSet;

/**
 * {@code model.safetensors.index.json}: which shard holds which tensor.
 *
 * @param file the index file
 * @param shardOf tensor name to file name; every file name is a plain name, never a path
 */
record ShardIndex(Path file, Map<String, String> shardOf) {
  static final String NAME = "model.safetensors.index.json";
  private static final String SUFFIX = ".safetensors";

  /** A DeepSeek-V3 index has 9 MB. */
  private static final long MAX_BYTES = 100_000_000;

  /** Reads and checks the index alone; its shards are not looked at. */
  static ShardIndex read(Path file) {
    byte[] bytes = StrictJson.readBytes(file, MAX_BYTES, ErrorCode.CHECKPOINT_CORRUPT);
    Map<String, String> map = null;
    try (JsonParser parser = StrictJson.parser(bytes)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw corrupt(file, "it is not a JSON object");
      }
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        boolean weights = parser.currentName().equals("weight_map");
        JsonToken value = parser.nextToken();
        if (!weights) {
          parser.skipChildren();
        } else if (value == JsonToken.START_OBJECT) {
          map = readWeightMap(file, parser);
        } else {
          throw corrupt(file, "its weight_map is not an object");
        }
      }
      if (parser.nextToken() != null) {
        throw corrupt(file, "it has text behind its JSON object");
      }
    } catch (IOException e) {
      throw StrictJson.notJson(file.toString(), ErrorCode.CHECKPOINT_CORRUPT, e);
    }
    if (map == null || map.isEmpty()) {
      throw corrupt(file, "it has no weight_map or an empty one");
    }
    return new ShardIndex(file, map);
  }

  private static Map<String, String> readWeightMap(Path file, JsonParser parser)
      throws IOException {
    Map<String, String> shardOf = new LinkedHashMap<>();
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String name = parser.currentName();
      if (parser.nextToken() != JsonToken.VALUE_STRING) {
        throw corrupt(file, "the shard of tensor '" + name + "' is not a string");
      }
      shardOf.put(name, checkName(file, parser.getText()));
    }
    return shardOf;
  }

  /** An index must not make us open files elsewhere. */
  private static String checkName(Path file, String shard) {
    boolean plain =
        shard.length() > SUFFIX.length()
            && shard.length() <= 255
            && shard.endsWith(SUFFIX)
            && shard.indexOf('/') < 0
            && shard.indexOf('\\') < 0
            && shard.indexOf(':') < 0
            && shard.chars().noneMatch(Character::isISOControl);
    if (!plain) {
      throw corrupt(
          file,
          "it names the shard '%s'; shards must be *.safetensors files in the folder of the index"
              .formatted(shard.replaceAll("\\p{Cntrl}", "?")));
    }
    return shard;
  }

  /** The file names, each once, sorted. */
  TreeSet<String> shards() {
    return new TreeSet<>(shardOf.values());
  }

  private static EngineException corrupt(Path file, String found) {
    return new EngineException(
        ErrorCode.CHECKPOINT_CORRUPT, file + " is not a valid shard index: " + found);
  }
}
