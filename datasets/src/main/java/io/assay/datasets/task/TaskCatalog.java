package io.assay.datasets.task;

import io.assay.datasets.DataException;
import io.assay.datasets.reader.FileStore;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * What task files hold, whether or not their data is there, and every error in them.
 *
 * @param tasks in the order of their names
 * @param groups in the order of their names
 * @param errors one for each file or task that cannot be used, naming file, line and column
 */
public record TaskCatalog(List<Entry> tasks, List<Group> groups, List<DataException> errors) {

  /**
   * A task.
   *
   * @param spec what it asks and computes
   * @param data its splits, in the order of the task file
   * @param evaluated name of the split that is evaluated
   * @param examples name of the split that gives examples, null if none does
   * @param file keys and where they stand
   */
  public record Entry(
      TaskSpec spec, List<Data> data, String evaluated, String examples, Keys file) {
    /** Whether the files of the evaluated split are there. */
    public boolean found() {
      return found(evaluated);
    }

    /** Whether the files of the examples are there; true if none are needed. */
    public boolean examplesFound() {
      return examples == null || found(examples);
    }

    private boolean found(String split) {
      return data.stream().filter(d -> d.split().equals(split)).allMatch(Data::found);
    }
  }

  /**
   * A group.
   *
   * @param file keys of its file and where they stand; for one written inside another, of that
   */
  public record Group(TaskGroup group, Keys file) {}

  /**
   * Files of a split.
   *
   * @param files as the task names them
   * @param found whether all are there
   */
  public record Data(String split, List<String> files, boolean found) {}

  /** Where the keys of a task stand. */
  public static final class Keys {
    private final Section section;

    private Keys(Section section) {
      this.section = section;
    }

    /**
     * File, line and column of a key or of what is around it.
     *
     * @param path {@code task}, {@code metric_list[0]} ...
     */
    public String place(String path) {
      return section.where(path);
    }
  }

  /**
   * Reads files and folders. Groups whose tasks are wrong or elsewhere are errors too.
   *
   * @param files where they and their data are
   * @param paths task files, or folders searched for them
   * @param data root for relative data paths, or null
   */
  public static TaskCatalog of(FileStore files, List<String> paths, String data) {
    List<DataException> errors = new ArrayList<>();
    TaskLoader.Selection selection =
        new TaskLoader.Selection(
            files, paths, List.of("*"), data, null, "by_id", PromptFormat.PLAIN);
    TaskIndex index = TaskIndex.of(selection.files(), selection.paths(), errors::add);
    List<Entry> tasks = new ArrayList<>();
    GroupResolver groups = new GroupResolver(index);
    for (Map.Entry<String, YamlFile> entry : index.files().entrySet()) {
      if (TaskIndex.isGroup(entry.getValue())) {
        attempt(errors, () -> groups.select(entry.getKey()));
      } else {
        attempt(errors, () -> tasks.add(entry(entry.getValue(), selection)));
      }
    }
    // Tasks that groups write in place are listed by no file.
    groups.tasks().entrySet().stream()
        .filter(task -> !index.files().containsKey(task.getKey()))
        .forEach(task -> attempt(errors, () -> tasks.add(entry(task.getValue(), selection))));
    tasks.sort(Comparator.comparing(task -> task.spec().name()));
    List<Group> found =
        groups.groups().values().stream()
            .map(group -> new Group(group, keys(index.files().get(outermost(group.name())))))
            .toList();
    return new TaskCatalog(List.copyOf(tasks), found, List.copyOf(errors));
  }

  private static String outermost(String group) {
    int inner = group.indexOf("::");
    return inner < 0 ? group : group.substring(0, inner);
  }

  private static Keys keys(YamlFile file) {
    return new Keys(Section.of(file));
  }

  private static Entry entry(YamlFile file, TaskLoader.Selection selection) {
    YamlTask task = TaskLoader.task(file, selection);
    return new Entry(task.spec(), task.data(), task.evaluated(), task.examples(), keys(file));
  }

  private static void attempt(List<DataException> errors, Runnable read) {
    try {
      read.run();
    } catch (DataException e) {
      errors.add(e);
    }
  }
}
