package io.assay.datasets.task;

import io.assay.datasets.BadRecord;
import java.util.function.Consumer;
import java.util.function.IntPredicate;
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
  default Stream<TaskItem> items(int limit, Consumer<BadRecord> failures) {
    return items(limit, row -> true, failures);
  }

  /**
   * The same documents with some left out: what is rendered does not depend on which.
   *
   * @param wanted asked once for each record, in order, with its index in the split; neither
   *     documents nor failures of the others are handed out. What is wrong with few-shot examples
   *     is told before the first.
   */
  Stream<TaskItem> items(int limit, IntPredicate wanted, Consumer<BadRecord> failures);
}
