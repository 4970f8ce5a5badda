package io.assay.datasets.task;

import io.assay.datasets.DataErrorCode;
import io.assay.datasets.DataException;
import io.assay.datasets.reader.FileStore;
import io.assay.datasets.reader.Location;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/** Turns one file's nodes into values. */
final class YamlReader extends SafeConstructor {
  private static final int MAX_BYTES = 1 << 20;
  private static final int MAX_NODES = 100_000;
  private static final int MAX_DEPTH = 40;

  private final FileStore files;
  private final Location file;
  private final Map<String, YamlFile.Place> places = new LinkedHashMap<>();
  private int nodes;

  YamlReader(FileStore files, Location file) {
    super(options());
    this.files = files;
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

  /** The file's own keys; {@code include} is not followed. */
  YamlFile read() {
    Node root;
    try {
      byte[] bytes;
      // Not by the file's size, which pipes and devices do not tell.
      try (InputStream in = files.open(file.toString())) {
        bytes = in.readNBytes(MAX_BYTES + 1);
      }
      if (bytes.length > MAX_BYTES) {
        throw invalid(place((Mark) null), "a task file has at most " + MAX_BYTES + " bytes");
      }
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      root = new Yaml(options()).compose(new java.io.StringReader(text));
    } catch (CharacterCodingException e) {
      throw new DataException(
          DataErrorCode.TASK_INVALID, file + ": a task file is text in UTF-8, this is not", e);
    } catch (FileNotFoundException | NoSuchFileException e) {
      throw new DataException(
          DataErrorCode.FILE_NOT_FOUND, "the task file " + file + " does not exist", e);
    } catch (IOException e) {
      throw new DataException(
          DataErrorCode.FILE_NOT_FOUND, "the task file " + file + " cannot be read: " + e, e);
    } catch (MarkedYAMLException e) {
      throw new DataException(
          DataErrorCode.TASK_INVALID,
          place(e.getProblemMark()) + ": this is not YAML: " + e.getProblem(),
          e);
    } catch (YAMLException e) {
      String reason = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
      throw new DataException(
          DataErrorCode.TASK_INVALID, file + ": this is not YAML: " + reason, e);
    }
    if (!(root instanceof MappingNode mapping)) {
      throw invalid(place((Mark) null), "a task file is a mapping of keys to values");
    }
    return new YamlFile(file, mapping(mapping, "", 0), places);
  }

  private static DataException invalid(YamlFile.Place place, String message) {
    return new DataException(DataErrorCode.TASK_INVALID, place + ": " + message);
  }

  private Object value(Node node, String path, int depth) {
    YamlFile.Place place = place(node.getStartMark());
    if (++nodes > MAX_NODES || depth > MAX_DEPTH) {
      throw invalid(place, "the file holds too many or too deeply nested values");
    }
    String tag = node.getTag().getValue();
    if (tag.startsWith("!function") || tag.startsWith("tag:yaml.org,2002:python")) {
      throw new DataException(
          DataErrorCode.TASK_NEEDS_CODE,
          place
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
        String inner = YamlFile.item(path, list.size());
        places.put(inner, place(item.getStartMark()));
        list.add(value(item, inner, depth + 1));
      }
      return list;
    }
    try {
      return scalar((ScalarNode) node);
    } catch (YAMLException | NumberFormatException e) {
      throw invalid(place, "the value of '" + path + "' cannot be read");
    }
  }

  private Map<String, Object> mapping(MappingNode node, String path, int depth) {
    Map<String, Object> map = new LinkedHashMap<>();
    Set<String> own = new HashSet<>();
    for (NodeTuple tuple : node.getValue()) {
      YamlFile.Place place = place(tuple.getKeyNode().getStartMark());
      if (tuple.getKeyNode().getTag().equals(Tag.MERGE)) {
        throw invalid(place, "merge keys (<<) are not supported; use include");
      }
      if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
        throw invalid(place, "a key is a name");
      }
      String name = key.getValue();
      if (!own.add(name)) {
        throw invalid(place, "the key '" + name + "' stands twice");
      }
      String inner = path.isEmpty() ? name : path + "." + name;
      places.put(inner, place);
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

  private YamlFile.Place place(Mark mark) {
    return mark == null
        ? new YamlFile.Place(file, 1, 1)
        : new YamlFile.Place(file, mark.getLine() + 1, mark.getColumn() + 1);
  }
}
