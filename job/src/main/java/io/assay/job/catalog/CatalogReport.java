package io.assay.job.catalog;

import io.assay.datasets.DataException;
import io.assay.datasets.reader.FileStore;
import io.assay.datasets.task.TaskCatalog;
import io.assay.datasets.task.TaskGroup;
import io.assay.datasets.task.TaskSpec;
import io.assay.job.Failure;
import java.util.ArrayList;
import java.util.List;

/**
 * The tasks and groups of task files, and what is wrong with them.
 *
 * @param tasks in the order of their names
 * @param groups in the order of their names
 * @param errors none if all files are good
 */
public record CatalogReport(List<TaskRow> tasks, List<GroupRow> groups, List<ErrorRow> errors) {

  /**
   * @param task its name
   * @param version of its definition
   * @param outputType what is asked
   * @param numFewshot examples in front of each document
   * @param metrics names; none if generated texts are only kept
   * @param filters names of filter chains
   * @param split what is evaluated
   * @param files of that split, as the task names them
   * @param found whether they are there
   * @param examplesFound whether the files of its few-shot examples are; true if it needs none
   * @param groups that it belongs to
   * @param place file, line and column of its name
   */
  public record TaskRow(
      String task,
      String version,
      String outputType,
      int numFewshot,
      List<String> metrics,
      List<String> filters,
      String split,
      List<String> files,
      boolean found,
      boolean examplesFound,
      List<String> groups,
      String place) {}

  /**
   * @param group its name
   * @param version of its definition
   * @param tasks their names
   * @param metrics that it has rows of
   */
  public record GroupRow(String group, String version, List<String> tasks, List<String> metrics) {}

  /**
   * @param code what is wrong
   * @param message file, line, column and a sentence
   */
  public record ErrorRow(String code, String message) {}

  /**
   * Reads task files, checks them as a run would, and looks for their data.
   *
   * @param files where they and their data are
   * @param paths files, or folders searched for them
   * @param data root for relative data paths, or null
   */
  public static CatalogReport of(FileStore files, List<String> paths, String data) {
    TaskCatalog catalog = TaskCatalog.of(files, paths, data);
    List<DataException> errors = new ArrayList<>(catalog.errors());
    catalog.tasks().forEach(task -> TaskCheck.problem(task).ifPresent(errors::add));
    if (errors.isEmpty()) {
      // A group of tasks that are wrong has nothing to say of its own.
      errors.addAll(TaskCheck.problems(catalog));
    }
    return new CatalogReport(
        catalog.tasks().stream().map(task -> row(task, catalog)).toList(),
        catalog.groups().stream().map(group -> row(group.group())).toList(),
        errors.stream()
            .map(Failure::of)
            .map(failure -> new ErrorRow(failure.code(), failure.message()))
            .toList());
  }

  private static TaskRow row(TaskCatalog.Entry task, TaskCatalog catalog) {
    TaskSpec spec = task.spec();
    return new TaskRow(
        spec.name(),
        spec.version(),
        spec.outputType().name().toLowerCase(java.util.Locale.ROOT),
        spec.numFewshot(),
        spec.metrics().stream().map(TaskSpec.Metric::name).toList(),
        spec.filters().stream().map(TaskSpec.FilterChain::name).toList(),
        task.evaluated(),
        task.data().stream()
            .filter(split -> split.split().equals(task.evaluated()))
            .flatMap(split -> split.files().stream())
            .toList(),
        task.found(),
        task.examplesFound(),
        catalog.groups().stream()
            .map(TaskCatalog.Group::group)
            .filter(group -> group.tasks().contains(spec.name()))
            .map(TaskGroup::name)
            .toList(),
        task.file().place("task"));
  }

  private static GroupRow row(TaskGroup group) {
    return new GroupRow(
        group.name(),
        group.version(),
        group.tasks(),
        group.aggregates().stream().map(TaskGroup.Aggregate::metric).toList());
  }
}
