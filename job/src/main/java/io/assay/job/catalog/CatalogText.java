package io.assay.job.catalog;

import io.assay.job.console.Layout;
import io.assay.job.console.TextTable;
import java.util.ArrayList;
import java.util.List;

/** The tables of {@code assay tasks}. */
public final class CatalogText {
  private CatalogText() {}

  /**
   * @param all whether tasks of groups are listed too
   */
  public static List<String> lines(CatalogReport report, boolean all, Layout layout) {
    List<String> text = new ArrayList<>();
    TextTable tasks =
        new TextTable("task", "version", "asks", "shots", "metrics", "data", "evaluated files");
    for (CatalogReport.TaskRow task : report.tasks()) {
      if (all || task.groups().isEmpty()) {
        tasks.row(
            task.task(),
            task.version(),
            task.outputType(),
            task.numFewshot(),
            task.metrics().isEmpty() ? "none, texts are kept" : String.join(", ", task.metrics()),
            data(task),
            String.join(", ", task.files()));
      }
    }
    TextTable groups = new TextTable("group", "version", "tasks", "with data", "metrics");
    for (CatalogReport.GroupRow group : report.groups()) {
      long found =
          report.tasks().stream()
              .filter(task -> group.tasks().contains(task.task()))
              .filter(task -> task.found() && task.examplesFound())
              .count();
      groups.row(
          group.group(),
          group.version(),
          group.tasks().size(),
          found,
          group.metrics().isEmpty() ? "those of its tasks" : String.join(", ", group.metrics()));
    }
    if (!tasks.isEmpty()) {
      text.addAll(tasks.lines(layout));
    }
    if (!groups.isEmpty()) {
      if (!text.isEmpty()) {
        text.add("");
      }
      text.addAll(groups.lines(layout));
    }
    return text;
  }

  private static String data(CatalogReport.TaskRow task) {
    if (!task.found()) {
      return "missing";
    }
    return task.examplesFound() ? "found" : "no examples";
  }
}
