package io.assay.job.request;

import io.assay.datasets.task.Task;
import io.assay.datasets.task.TaskItem;
import io.assay.datasets.task.TaskSpec;
import io.assay.eval.request.EvalRequest;
import io.assay.eval.request.GenerationDefaults;
import io.assay.eval.request.QuestionId;
import io.assay.eval.request.RequestFactory;
import io.assay.job.UsageException;
import java.util.List;

/** The documents of a task. */
final class TaskSource implements Source {
  private final Task task;
  private final int limit;
  private final RequestFactory factory;
  private final GenerationDefaults defaults;

  /**
   * @param limit most documents, negative for all
   */
  TaskSource(Task task, int limit, RequestFactory factory, GenerationDefaults defaults) {
    String problem = Domains.problem(task.spec().name());
    if (problem != null) {
      throw UsageException.config("tasks", "a task has no name to count under: " + problem);
    }
    this.task = task;
    this.limit = limit;
    this.factory = factory;
    this.defaults = defaults;
  }

  @Override
  public String name() {
    return spec().name();
  }

  @Override
  public Kind kind() {
    return Kind.TASK;
  }

  @Override
  public TaskSpec spec() {
    return task.spec();
  }

  /** Types of columns and pools of examples need all records: each reader would hold them all. */
  @Override
  public long divisibleBytes() {
    return 0;
  }

  @Override
  public void read(Stripe stripe, Receiver receiver) {
    int[] position = new int[1];
    try (var items =
        task.items(
            limit,
            row -> {
              position[0] = row;
              return stripe.holds(row);
            },
            bad -> receiver.failed(position[0], Failed.of(bad)))) {
      items.forEach(item -> receiver.asked(item.docIndex(), asked(item, receiver)));
    }
  }

  private AskedDocument asked(TaskItem item, Receiver receiver) {
    List<EvalRequest> requests =
        factory.of(spec(), item, r -> receiver.failed(item.docIndex(), Failed.of(r)));
    return new AskedDocument(
        item.docId(), item.judged(), null, QuestionId.of(spec(), item, defaults), requests);
  }
}
