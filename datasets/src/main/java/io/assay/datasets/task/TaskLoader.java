package io.assay.datasets.task;

import io.assay.datasets.DataErrorCode;
import io.assay.datasets.DataException;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds and reads task files: the harness's YAML without code hooks. */
public final class TaskLoader {
  private static final Logger LOG = LoggerFactory.getLogger(TaskLoader.class);
  private static final int MAX_DEPTH = 16;

  private TaskLoader() {}

  /**
   * What a run file says about its tasks.
   *
   * @param paths task files, or folders searched for them
   * @param names task names, tags or globs
   * @param data root for relative data paths, or null
   * @param numFewshot overrides the tasks' own but for a task that sets 0 itself (as in the
   *     harness), or null
   * @param fewshot {@code by_id} or {@code harness}: how a task without a sampler of its own
   *     chooses examples
   */
  public record Selection(
      List<Path> paths, List<String> names, Path data, Integer numFewshot, String fewshot) {}

  /**
   * The selected tasks in the order of their names. Task files are read, templates compiled and
   * data files found; data is read by {@link Task#items}.
   *
   * @throws DataException TASK_INVALID, TASK_NEEDS_CODE, TEMPLATE_INVALID or FILE_NOT_FOUND, naming
   *     file, line and key
   */
  public static List<Task> load(Selection selection) {
    if (!selection.fewshot().equals("by_id") && !selection.fewshot().equals("harness")) {
      throw new DataException(
          DataErrorCode.TASK_INVALID,
          "tasks.fewshot is by_id or harness, found '" + selection.fewshot() + "'");
    }
    if (selection.numFewshot() != null && selection.numFewshot() < 0) {
      throw new DataException(
          DataErrorCode.TASK_INVALID,
          "tasks.num_fewshot is 0 or more, found " + selection.numFewshot());
    }
    Map<String, YamlFile> found = index(selection.paths());
    Map<String, YamlFile> chosen = new TreeMap<>();
    for (String name : selection.names()) {
      int before = chosen.size();
      PathMatcher matcher = matcher(name);
      boolean any = false;
      for (Map.Entry<String, YamlFile> entry : found.entrySet()) {
        if (matches(matcher, name, entry.getKey(), entry.getValue())) {
          chosen.put(entry.getKey(), entry.getValue());
          any = true;
        }
      }
      if (!any && chosen.size() == before) {
        throw new DataException(
            DataErrorCode.TASK_INVALID,
            "no task or tag matches '"
                + name
                + "' in "
                + selection.paths()
                + "; there are "
                + (found.isEmpty()
                    ? "no tasks"
                    : String.join(", ", new TreeSet<>(found.keySet()))));
      }
    }
    return chosen.values().stream().<Task>map(file -> task(file, selection)).toList();
  }

  private static PathMatcher matcher(String name) {
    try {
      return FileSystems.getDefault().getPathMatcher("glob:" + name);
    } catch (PatternSyntaxException e) {
      throw new DataException(
          DataErrorCode.TASK_INVALID,
          "the task name '" + name + "' is no valid pattern: " + e.getDescription(),
          e);
    }
  }

  private static boolean matches(PathMatcher matcher, String name, String task, YamlFile file) {
    return task.equals(name)
        || matcher.matches(Path.of(task))
        || Section.of(file).texts("tag").contains(name);
  }

  /** Task files by task name. */
  private static Map<String, YamlFile> index(List<Path> paths) {
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
    return found;
  }

  private static void add(Map<String, YamlFile> found, YamlFile yaml) {
    // A group file lists its tasks under "task"; it is refused by name if it is selected.
    String key = yaml.values().get("task") instanceof List<?> ? "group" : "task";
    String name = Section.of(yaml).required(key);
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
    } catch (IOException | java.io.UncheckedIOException e) {
      throw new DataException(
          DataErrorCode.FILE_NOT_FOUND, "the folder " + folder + " cannot be read: " + e, e);
    }
  }

  private static Task task(YamlFile file, Selection selection) {
    TaskKeys.check(file);
    Section section = Section.of(file);
    int numFewshot = numFewshot(section, selection.numFewshot());
    DataFiles files = DataFiles.of(section, file.file(), selection.data());
    TaskParts parts = TaskParts.of(section, files, file.file().toString());
    String mode = parts.sampler().equals("first_n") ? "first_n" : selection.fewshot();
    return new YamlTask(SpecReader.read(section, numFewshot, mode), parts);
  }

  private static int numFewshot(Section task, Integer override) {
    int own = task.integer("num_fewshot", -1, 0);
    if (override == null) {
      return Math.max(own, 0);
    }
    if (own == 0 && override > 0) {
      LOG.warn(
          "Task {} sets num_fewshot: 0 itself; num_fewshot {} of the run is not applied to it",
          task.get("task"),
          override);
      return 0;
    }
    return override;
  }
}
