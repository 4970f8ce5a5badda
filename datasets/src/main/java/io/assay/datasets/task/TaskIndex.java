package io.assay.datasets.task;

import io.assay.datasets.DataErrorCode;
import io.assay.datasets.DataException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The task and group files of a run.
 *
 * @param files by name of task or group, sorted
 */
record TaskIndex(Map<String, YamlFile> files) {
  private static final int MAX_DEPTH = 16;

  /**
   * Reads files and folders.
   *
   * @throws DataException TASK_INVALID, TASK_NEEDS_CODE or FILE_NOT_FOUND
   */
  static TaskIndex of(List<Path> paths) {
    Map<String, YamlFile> found = new TreeMap<>();
    for (Path path : paths) {
      if (Files.isDirectory(path)) {
        for (Path file : yamlFiles(path)) {
          YamlFile yaml = YamlFile.read(file);
          // A file without a name is there to be included by others.
          if (yaml.values().containsKey("task") || yaml.values().containsKey("group")) {
            add(found, yaml);
          }
        }
      } else if (Files.isRegularFile(path)) {
        add(found, YamlFile.read(path));
      } else {
        throw new DataException(
            DataErrorCode.FILE_NOT_FOUND,
            "the task file or folder " + path + " does not exist; check tasks.paths");
      }
    }
    return new TaskIndex(found);
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

  private static List<Path> yamlFiles(Path folder) {
    try (Stream<Path> files = Files.walk(folder, MAX_DEPTH)) {
      List<Path> found = new ArrayList<>();
      files
          .filter(
              file -> {
                String name = String.valueOf(file.getFileName());
                return (name.endsWith(".yaml") || name.endsWith(".yml")) && !name.startsWith(".");
              })
          .filter(Files::isRegularFile)
          .forEach(found::add);
      found.sort(Comparator.naturalOrder());
      return found;
    } catch (IOException | UncheckedIOException e) {
      throw new DataException(
          DataErrorCode.FILE_NOT_FOUND, "the folder " + folder + " cannot be read: " + e, e);
    }
  }
}
