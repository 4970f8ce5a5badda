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
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * The task and group files of a run.
 *
 * @param files by name of task or group, sorted
 */
record TaskIndex(Map<String, YamlFile> files) {
  private static final int MAX_DEPTH = 16;

  /** A file with none of these is there to be included by others. */
  private static final Set<String> NAMING = Set.of("task", "task_list", "group");

  /**
   * Reads files and folders.
   *
   * @throws DataException TASK_INVALID, TASK_NEEDS_CODE or FILE_NOT_FOUND
   */
  static TaskIndex of(List<Path> paths) {
    return of(
        paths,
        error -> {
          throw error;
        });
  }

  /**
   * Reads files and folders; a file that cannot be read goes to {@code errors}, and the rest is
   * read all the same if these do not throw.
   */
  static TaskIndex of(List<Path> paths, Consumer<DataException> errors) {
    Map<String, YamlFile> found = new TreeMap<>();
    for (Path path : paths) {
      try {
        boolean folder = Files.isDirectory(path);
        for (Path file : folder ? yamlFiles(path) : List.of(path)) {
          add(found, file, folder, errors);
        }
      } catch (DataException e) {
        errors.accept(e);
      }
    }
    return new TaskIndex(found);
  }

  private static void add(
      Map<String, YamlFile> found, Path file, boolean inFolder, Consumer<DataException> errors) {
    if (!inFolder && !Files.isRegularFile(file)) {
      throw new DataException(
          DataErrorCode.FILE_NOT_FOUND,
          "the task file or folder " + file + " does not exist; check tasks.paths");
    }
    try {
      YamlFile yaml = YamlFile.read(file);
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
