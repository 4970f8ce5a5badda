package io.assay.datasets.task;

import io.assay.datasets.DataErrorCode;
import io.assay.datasets.DataException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * A task file as values with the places they come from; {@code include} already followed (the
 * including file's keys win, as do those of a later include).
 *
 * @param file the file asked for
 * @param values its keys
 * @param places file and line of each top-level key and of the keys below it ({@code a.b})
 */
record YamlFile(Path file, Map<String, Object> values, Map<String, Place> places) {
  /** Where a key stands. */
  record Place(Path file, int line) {
    @Override
    public String toString() {
      return file + " line " + line;
    }
  }

  private static final int MAX_BYTES = 1 << 20;
  private static final int MAX_NODES = 100_000;
  private static final int MAX_INCLUDES = 32;
  private static final int MAX_DEPTH = 40;

  /** Reads {@code file} and what it includes. */
  static YamlFile read(Path file) {
    return read(file, new LinkedHashSet<>());
  }

  /**
   * This file with other values for some keys.
   *
   * @param place where these values stand
   */
  YamlFile overriddenBy(Map<String, Object> overrides, Place place) {
    Map<String, Object> merged = new LinkedHashMap<>(values);
    Map<String, Place> moved = new LinkedHashMap<>(places);
    overrides.forEach(
        (key, value) -> {
          merged.put(key, value);
          moved.keySet().removeIf(known -> known.startsWith(key + "."));
          moved.put(key, place);
        });
    return new YamlFile(file, merged, moved);
  }

  private static YamlFile read(Path file, Set<Path> seen) {
    Path real = file.toAbsolutePath().normalize();
    if (!seen.add(real)) {
      throw new DataException(
          DataErrorCode.TASK_INVALID,
          file + ": the includes go round in a circle (" + seen + "); remove one of them");
    }
    if (seen.size() > MAX_INCLUDES) {
      throw new DataException(
          DataErrorCode.TASK_INVALID, file + ": more than " + MAX_INCLUDES + " files are included");
    }
    YamlFile own = new Reader(file).read();
    Object include = own.values.remove("include");
    if (include == null) {
      return own;
    }
    Place place = own.places.get("include");
    Map<String, Object> values = new LinkedHashMap<>();
    Map<String, Place> places = new LinkedHashMap<>();
    for (Object name : include instanceof List<?> list ? list : List.of(include)) {
      YamlFile included = read(included(file, name, place), seen);
      values.putAll(included.values);
      places.putAll(included.places);
    }
    seen.remove(real);
    values.putAll(own.values);
    places.putAll(own.places);
    return new YamlFile(file, values, places);
  }

  private static Path included(Path file, Object name, Place place) {
    if (!(name instanceof String text)) {
      throw new DataException(
          DataErrorCode.TASK_INVALID, place + ": include names a file, found " + name);
    }
    Path path = Path.of(text);
    String lower = text.toLowerCase(java.util.Locale.ROOT);
    if (path.isAbsolute() || !(lower.endsWith("yaml") || lower.endsWith("yml"))) {
      throw new DataException(
          DataErrorCode.TASK_INVALID,
          place
              + ": include takes YAML files by a path relative to the task file, found '"
              + text
              + "'");
    }
    Path resolved = file.resolveSibling(text).normalize();
    if (!Files.isRegularFile(resolved)) {
      throw new DataException(
          DataErrorCode.FILE_NOT_FOUND,
          place + ": the included file " + resolved + " does not exist; check the path");
    }
    return resolved;
  }

  /** Turns one file's nodes into values. */
  private static final class Reader extends SafeConstructor {
    private final Path file;
    private final Map<String, Place> places = new LinkedHashMap<>();
    private int nodes;

    private Reader(Path file) {
      super(options());
      this.file = file;
    }

    private static LoaderOptions options() {
      LoaderOptions options = new LoaderOptions();
      options.setAllowDuplicateKeys(false);
      options.setAllowRecursiveKeys(false);
      options.setMaxAliasesForCollections(50);
      options.setNestingDepthLimit(MAX_DEPTH);
      options.setCodePointLimit(MAX_BYTES);
      return options;
    }

    private YamlFile read() {
      Node root;
      try {
        byte[] bytes;
        // Not by the file's size, which pipes and devices do not tell.
        try (InputStream in = Files.newInputStream(file)) {
          bytes = in.readNBytes(MAX_BYTES + 1);
        }
        if (bytes.length > MAX_BYTES) {
          throw invalid(1, "a task file has at most " + MAX_BYTES + " bytes");
        }
        String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        root = new Yaml(options()).compose(new java.io.StringReader(text));
      } catch (CharacterCodingException e) {
        throw new DataException(
            DataErrorCode.TASK_INVALID, file + ": a task file is text in UTF-8, this is not", e);
      } catch (java.nio.file.NoSuchFileException e) {
        throw new DataException(
            DataErrorCode.FILE_NOT_FOUND, "the task file " + file + " does not exist", e);
      } catch (IOException e) {
        throw new DataException(
            DataErrorCode.FILE_NOT_FOUND, "the task file " + file + " cannot be read: " + e, e);
      } catch (MarkedYAMLException e) {
        int line = e.getProblemMark() == null ? 1 : e.getProblemMark().getLine() + 1;
        throw new DataException(
            DataErrorCode.TASK_INVALID,
            file + " line " + line + ": this is not YAML: " + e.getProblem(),
            e);
      } catch (YAMLException e) {
        String reason = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
        throw new DataException(
            DataErrorCode.TASK_INVALID, file + ": this is not YAML: " + reason, e);
      }
      if (!(root instanceof MappingNode mapping)) {
        throw invalid(1, "a task file is a mapping of keys to values");
      }
      return new YamlFile(file, mapping(mapping, "", 0), places);
    }

    private DataException invalid(int line, String message) {
      return new DataException(DataErrorCode.TASK_INVALID, file + " line " + line + ": " + message);
    }

    private Object value(Node node, String path, int depth) {
      int line = line(node);
      if (++nodes > MAX_NODES || depth > MAX_DEPTH) {
        throw invalid(line, "the file holds too many or too deeply nested values");
      }
      String tag = node.getTag().getValue();
      if (tag.startsWith("!function") || tag.startsWith("tag:yaml.org,2002:python")) {
        throw new DataException(
            DataErrorCode.TASK_NEEDS_CODE,
            file
                + " line "
                + line
                + ": '"
                + path
                + "' needs Python code ("
                + tag
                + (node instanceof ScalarNode scalar ? " " + scalar.getValue() : "")
                + "), which Assay does not run; write it as a template or prepare the data");
      }
      if (node instanceof MappingNode mapping) {
        return mapping(mapping, path, depth);
      }
      if (node instanceof SequenceNode sequence) {
        List<Object> list = new ArrayList<>();
        for (Node item : sequence.getValue()) {
          list.add(value(item, path, depth + 1));
        }
        return list;
      }
      try {
        return scalar((ScalarNode) node);
      } catch (YAMLException | NumberFormatException e) {
        throw invalid(line, "the value of '" + path + "' cannot be read");
      }
    }

    private Map<String, Object> mapping(MappingNode node, String path, int depth) {
      Map<String, Object> map = new LinkedHashMap<>();
      Set<String> own = new HashSet<>();
      for (NodeTuple tuple : node.getValue()) {
        int line = line(tuple.getKeyNode());
        if (tuple.getKeyNode().getTag().equals(Tag.MERGE)) {
          throw invalid(line, "merge keys (<<) are not supported; use include");
        }
        if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
          throw invalid(line, "a key is a name");
        }
        String name = key.getValue();
        if (!own.add(name)) {
          throw invalid(line, "the key '" + name + "' stands twice");
        }
        String inner = path.isEmpty() ? name : path + "." + name;
        places.put(inner, new Place(file, line));
        map.put(name, value(tuple.getValueNode(), inner, depth + 1));
      }
      return map;
    }

    private Object scalar(ScalarNode node) {
      Tag tag = node.getTag();
      if (tag.equals(Tag.STR) || tag.equals(Tag.TIMESTAMP)) {
        return node.getValue();
      }
      Object value = constructObject(node);
      return value instanceof Integer number ? (Object) number.longValue() : value;
    }

    private static int line(Node node) {
      return node.getStartMark() == null ? 1 : node.getStartMark().getLine() + 1;
    }
  }
}
