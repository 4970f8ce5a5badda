package io.assay.datasets.task;

import io.assay.datasets.DataErrorCode;
import io.assay.datasets.DataException;
import io.assay.datasets.reader.FileStore;
import io.assay.datasets.reader.Location;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A task file as values with the places they come from; {@code include} already followed (the
 * including file's keys win, as do those of a later include).
 *
 * @param file the file asked for
 * @param values its keys
 * @param places of each top-level key and of what is below it ({@code a.b}, {@code a[0].b})
 */
record YamlFile(Location file, Map<String, Object> values, Map<String, Place> places) {
  /** Where a key stands; line and column from 1. */
  record Place(Location file, int line, int column) {
    @Override
    public String toString() {
      return file + ":" + line + ":" + column;
    }
  }

  /** Path of an item of the list at {@code path}. */
  static String item(String path, int index) {
    return path + "[" + index + "]";
  }

  private static final int MAX_INCLUDES = 32;

  /** Reads {@code file} and what it includes. */
  static YamlFile read(FileStore files, Location file) {
    return read(files, file, new LinkedHashSet<>());
  }

  private static YamlFile read(FileStore files, Location file, Set<Location> seen) {
    if (!seen.add(file)) {
      throw new DataException(
          DataErrorCode.TASK_INVALID,
          file + ": the includes go round in a circle (" + seen + "); remove one of them");
    }
    if (seen.size() > MAX_INCLUDES) {
      throw new DataException(
          DataErrorCode.TASK_INVALID, file + ": more than " + MAX_INCLUDES + " files are included");
    }
    YamlFile own = new YamlReader(files, file).read();
    Object include = own.values.remove("include");
    if (include == null) {
      seen.remove(file);
      return own;
    }
    Place place = own.places.get("include");
    YamlFile merged = new YamlFile(file, Map.of(), Map.of());
    for (Object name : include instanceof List<?> list ? list : List.of(include)) {
      YamlFile included = read(files, included(files, file, name, place), seen);
      // The tasks of a list are those of the file it stands in, as in the harness.
      included.values.remove("task_list");
      merged = merged.with(included);
    }
    seen.remove(file);
    return merged.with(own);
  }

  /** This file with further keys, which win, and their places. */
  YamlFile with(YamlFile over) {
    Map<String, Object> merged = new LinkedHashMap<>(values);
    Map<String, Place> moved = new LinkedHashMap<>(places);
    over.values.forEach(
        (key, value) -> {
          merged.put(key, value);
          moved
              .keySet()
              .removeIf(known -> known.startsWith(key + ".") || known.startsWith(key + "["));
        });
    moved.putAll(over.places);
    return new YamlFile(file, merged, moved);
  }

  /**
   * One file for each entry of {@code task_list}: the file's other keys with those of the entry;
   * the file itself if it has no such list.
   */
  List<YamlFile> listed() {
    if (!values.containsKey("task_list")) {
      return List.of(this);
    }
    List<Section> entries = Section.of(this).sections("task_list");
    Map<String, Object> shared = new LinkedHashMap<>(values);
    shared.remove("task_list");
    YamlFile base = new YamlFile(file, shared, places);
    Set<String> names = new LinkedHashSet<>();
    List<YamlFile> files = new ArrayList<>();
    for (int i = 0; i < entries.size(); i++) {
      Section entry = entries.get(i);
      if (!names.add(entry.required("task"))) {
        throw entry.invalid(
            "task", "the task '" + entry.get("task") + "' stands in the list twice");
      }
      files.add(base.with(entry.detached(Set.of())));
    }
    return files;
  }

  private static Location included(FileStore files, Location file, Object name, Place place) {
    if (!(name instanceof String text)) {
      throw new DataException(
          DataErrorCode.TASK_INVALID, place + ": include names a file, found " + name);
    }
    String lower = text.toLowerCase(java.util.Locale.ROOT);
    if (text.startsWith("/")
        || Location.isAddress(text)
        || !(lower.endsWith("yaml") || lower.endsWith("yml"))) {
      throw new DataException(
          DataErrorCode.TASK_INVALID,
          place
              + ": include takes YAML files by a path relative to the task file, found '"
              + text
              + "'");
    }
    Location resolved = file.resolveSibling(text);
    if (!files.isFile(resolved.toString())) {
      throw new DataException(
          DataErrorCode.FILE_NOT_FOUND,
          place + ": the included file " + resolved + " does not exist; check the path");
    }
    return resolved;
  }
}
