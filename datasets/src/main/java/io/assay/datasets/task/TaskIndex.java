package io.assay.datasets.task;

import io.assay.datasets.DataErrorCode;
import io.assay.datasets.DataException;
import io.assay.datasets.reader.FileStore;
import io.assay.datasets.reader.Location;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * The task and group files of a run.
 *
 * @param files by name of task or group, sorted
 */
record TaskIndex(Map<String, YamlFile> files) {
  /** A file with none of these is there to be included by others. */
  private static final Set<String> NAMING = Set.of("task", "task_list", "group");

  /**
   * Reads files and folders.
   *
   * @throws DataException TASK_INVALID, TASK_NEEDS_CODE or FILE_NOT_FOUND
   */
  static TaskIndex of(FileStore files, List<String> paths) {
    return of(
        files,
        paths,
        error -> {
          throw error;
        });
  }

  /**
   * Reads files and folders; a file that cannot be read goes to {@code errors}, and the rest is
   * read all the same if these do not throw.
   */
  static TaskIndex of(FileStore files, List<String> paths, Consumer<DataException> errors) {
    Map<String, YamlFile> found = new TreeMap<>();
    for (String path : paths) {
      try {
        boolean folder = files.isFolder(path);
        for (String file : folder ? yamlFiles(files, path) : List.of(path)) {
          add(found, files, Location.of(file), folder, errors);
        }
      } catch (DataException e) {
        errors.accept(e);
      }
    }
    return new TaskIndex(found);
  }

  private static void add(
      Map<String, YamlFile> found,
      FileStore files,
      Location file,
      boolean inFolder,
      Consumer<DataException> errors) {
    if (!inFolder && !files.isFile(file.toString())) {
      throw new DataException(
          DataErrorCode.FILE_NOT_FOUND,
          "the task file or folder " + file + " does not exist; check tasks.paths");
    }
    try {
      YamlFile yaml = YamlFile.read(files, file);
      if (!inFolder || NAMING.stream().anyMatch(yaml.values()::containsKey)) {
        yaml.listed().forEach(task -> add(found, task));
      }
    } catch (DataException e) {
      errors.accept(e);
    }
  }

  /** Whether the file lists tasks instead of being one. */
  static boolean isGroup(YamlFile file) {
    return file.values().get("task") instanceof List<?>;
  }

  /** Names of the tasks that have a tag, sorted. */
  List<String> tagged(String tag) {
    return files.entrySet().stream()
        .filter(entry -> !isGroup(entry.getValue()))
        .filter(entry -> Section.of(entry.getValue()).texts("tag").contains(tag))
        .map(Map.Entry::getKey)
        .toList();
  }

  private static void add(Map<String, YamlFile> found, YamlFile yaml) {
    String name = Section.of(yaml).required(isGroup(yaml) ? "group" : "task");
    YamlFile other = found.putIfAbsent(name, yaml);
    if (other != null && !other.file().equals(yaml.file())) {
      throw new DataException(
          DataErrorCode.TASK_INVALID,
          "the task '"
              + name
              + "' stands in two files, "
              + other.file()
              + " and "
              + yaml.file()
              + "; rename one");
    }
  }

  private static List<String> yamlFiles(FileStore files, String folder) {
    return files.below(folder).stream()
        .filter(file -> file.endsWith(".yaml") || file.endsWith(".yml"))
        .toList();
  }
}
