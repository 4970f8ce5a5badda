package io.assay.datasets.task;

import io.assay.datasets.BadRecord;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** A task whose files were found and whose templates compile. */
public interface Task {
  TaskSpec spec();

  /**
   * Its documents, rendered in order; documents that cannot be read or rendered go to {@code
   * failures} instead.
   *
   * @param limit most documents, or a negative number for all
   */
  Stream<TaskItem> items(int limit, Consumer<BadRecord> failures);
}
