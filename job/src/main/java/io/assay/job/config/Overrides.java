package io.assay.job.config;

import io.assay.job.UsageException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@code --set key=value}: keys are dotted paths, numbers index lists, values are YAML. */
final class Overrides {
  private Overrides() {}

  /** The run file with the overrides in it; the argument is left as it is. */
  static Map<String, Object> apply(Map<String, Object> root, List<String> overrides) {
    Map<String, Object> changed = root;
    for (String override : overrides) {
      int equals = override.indexOf('=');
      if (equals < 1) {
        throw UsageException.commandLine(
            "--set takes key=value, such as --set tasks.limit=5; found '" + override + "'");
      }
      String path = override.substring(0, equals).strip();
      Object value = YamlReader.parse(override.substring(equals + 1), "--set " + path);
      List<String> keys = keys(path);
      changed = Section.keyed((Map<?, ?>) replace(changed, keys, 0, value, path), "");
    }
    return changed;
  }

  /** Names under {@code spark.conf} contain dots themselves: there the rest is one key. */
  private static List<String> keys(String path) {
    String conf = "spark.conf.";
    if (path.startsWith(conf)) {
      return List.of("spark", "conf", path.substring(conf.length()));
    }
    return List.of(path.split("\\.", -1));
  }

  private static Object replace(
      Object node, List<String> keys, int depth, Object value, String path) {
    if (depth == keys.size()) {
      return value;
    }
    String key = keys.get(depth);
    return switch (node) {
      case null -> {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put(key, replace(null, keys, depth + 1, value, path));
        yield map;
      }
      case Map<?, ?> map -> {
        Map<Object, Object> copy = new LinkedHashMap<>(map);
        copy.put(key, replace(map.get(key), keys, depth + 1, value, path));
        yield copy;
      }
      case List<?> list -> {
        List<Object> copy = new ArrayList<>(list);
        int index = index(key, list.size(), path);
        copy.set(index, replace(list.get(index), keys, depth + 1, value, path));
        yield copy;
      }
      default ->
          throw UsageException.config(
              path, "--set goes into " + Section.kind(node) + ", which has no keys");
    };
  }

  private static int index(String key, int size, String path) {
    if (key.matches("[0-9]{1,6}") && Integer.parseInt(key) < size) {
      return Integer.parseInt(key);
    }
    throw UsageException.config(
        path, "'" + key + "' is not an entry of a list of " + size + "; entries count from 0");
  }
}
