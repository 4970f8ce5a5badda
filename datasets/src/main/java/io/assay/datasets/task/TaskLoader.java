package io.assay.datasets.task;

import io.assay.datasets.DataErrorCode;
import io.assay.datasets.DataException;
import io.assay.datasets.reader.FileStore;
import io.assay.datasets.reader.LocalFiles;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.PatternSyntaxException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds and reads task files: the harness's YAML without code hooks. */
public final class TaskLoader {
  private static final Logger LOG = LoggerFactory.getLogger(TaskLoader.class);

  private TaskLoader() {}

  /**
   * What a run file says about its tasks.
   *
   * @param files where task files and data are
   * @param paths task files, or folders searched for them
   * @param names names of tasks or groups, tags or globs
   * @param data root for relative data paths, or null
   * @param numFewshot overrides the tasks' own but for a task that sets 0 itself (as in the
   *     harness), or null
   * @param fewshot {@code by_id} or {@code harness}: how a task without a sampler of its own
   *     chooses examples
   * @param format prompts as plain text or as conversations
   */
  public record Selection(
      FileStore files,
      List<String> paths,
      List<String> names,
      String data,
      Integer numFewshot,
      String fewshot,
      PromptFormat format) {

    /** Files of this machine. */
    public Selection(
        List<Path> paths,
        List<String> names,
        Path data,
        Integer numFewshot,
        String fewshot,
        PromptFormat format) {
      this(
          new LocalFiles(),
          paths.stream().map(Path::toString).toList(),
          names,
          data == null ? null : data.toString(),
          numFewshot,
          fewshot,
          format);
    }

    /** The same with prompts as plain text. */
    public Selection(
        List<Path> paths, List<String> names, Path data, Integer numFewshot, String fewshot) {
      this(paths, names, data, numFewshot, fewshot, PromptFormat.PLAIN);
    }
  }

  /** The tasks of {@link #suite}, those of groups included. */
  public static List<Task> load(Selection selection) {
    return suite(selection).tasks();
  }

  /**
   * The selected tasks and groups in the order of their names. Task files are read, templates
   * compiled and data files found; data is read by {@link Task#items}.
   *
   * @throws DataException TASK_INVALID, TASK_NEEDS_CODE, TEMPLATE_INVALID or FILE_NOT_FOUND, naming
   *     file, line and key
   */
  public static TaskSuite suite(Selection selection) {
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
    TaskIndex index = TaskIndex.of(selection.files(), selection.paths());
    GroupResolver resolver = new GroupResolver(index);
    for (String name : selection.names()) {
      PathMatcher matcher = matcher(name);
      boolean any = false;
      for (Map.Entry<String, YamlFile> entry : index.files().entrySet()) {
        if (matches(matcher, name, entry.getKey(), entry.getValue())) {
          resolver.select(entry.getKey());
          any = true;
        }
      }
      if (!any) {
        Set<String> known = index.files().keySet();
        throw new DataException(
            DataErrorCode.TASK_INVALID,
            "no task, group or tag matches '"
                + name
                + "' in "
                + selection.paths()
                + "; there are "
                + (known.isEmpty() ? "no tasks" : String.join(", ", known)));
      }
    }
    List<YamlTask> tasks =
        resolver.tasks().values().stream().map(file -> task(file, selection)).toList();
    tasks.forEach(YamlTask::requireData);
    return new TaskSuite(List.copyOf(tasks), List.copyOf(resolver.groups().values()));
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
        || (!TaskIndex.isGroup(file) && Section.of(file).texts("tag").contains(name));
  }

  /** A task whose data may be missing. */
  static YamlTask task(YamlFile file, Selection selection) {
    TaskKeys.check(file);
    Section section = Section.of(file);
    int numFewshot = numFewshot(section, selection.numFewshot());
    DataFiles files = DataFiles.of(section, file.file(), selection);
    TaskParts parts = TaskParts.of(section, files, file.file().toString());
    String mode = parts.sampler().equals("first_n") ? "first_n" : selection.fewshot();
    return new YamlTask(SpecReader.read(section, numFewshot, mode), parts, selection.format());
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
