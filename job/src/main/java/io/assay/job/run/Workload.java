package io.assay.job.run;

import io.assay.datasets.task.TaskGroup;
import io.assay.datasets.task.TaskItem;
import io.assay.datasets.task.TaskSpec;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a run asks: documents, the requests made of them, and the documents nothing can be asked of.
 *
 * @param tasks in the order of the plan
 * @param groups of tasks, in the order of their names
 * @param corpora in the order of the run file
 * @param prompts likewise
 * @param requests in the order of the plan
 * @param failures documents that could not be read, rendered or encoded
 */
record Workload(
    List<TaskWork> tasks,
    List<TaskGroup> groups,
    List<CorpusWork> corpora,
    List<PromptWork> prompts,
    List<NumberedRequest> requests,
    List<Failed> failures) {

  /** Documents of a task. */
  record TaskWork(TaskSpec spec, List<TaskItem> items) {}

  /** Documents of a corpus. */
  record CorpusWork(String name, List<CorpusDocument> documents) {}

  /**
   * @param docId unique within the corpus
   * @param words of the original text, split at white space
   * @param bytes of the original text in UTF-8
   */
  record CorpusDocument(String docId, String domain, long words, long bytes) {}

  /**
   * An entry of {@code prompts}.
   *
   * @param task value of the column {@code task}
   * @param documents that could be read
   */
  record PromptWork(String task, long documents) {}

  /** A row of {@code failures}. */
  record Failed(String source, String item, String code, String message) {}

  /** Documents read, those without requests included. */
  long documents() {
    long rendered =
        tasks.stream().mapToLong(task -> task.items().size()).sum()
            + corpora.stream().mapToLong(corpus -> corpus.documents().size()).sum()
            + prompts.stream().mapToLong(PromptWork::documents).sum();
    Set<String> unread = new TreeSet<>();
    for (Failed failed : failures) {
      unread.add(failed.source() + "\0" + failed.item());
    }
    return rendered + unread.size();
  }

  /** Documents something failed of. */
  long failedDocuments() {
    return failedDocuments(failures);
  }

  /** Documents among rows of {@code failures}; several rows may be of one. */
  static long failedDocuments(List<Failed> failures) {
    return failures.stream().map(f -> f.source() + "\0" + f.item()).distinct().count();
  }

  /** Items of rows of {@code failures} by their source. */
  static Map<String, Set<String>> failedItems(List<Failed> failures) {
    Map<String, Set<String>> failed = new HashMap<>();
    failures.forEach(
        row -> failed.computeIfAbsent(row.source(), s -> new HashSet<>()).add(row.item()));
    return failed;
  }

  /** Tokens fed if every request were asked alone; for generations at most. */
  long tokens() {
    return requests.stream().mapToLong(NumberedRequest::tokens).sum();
  }
}
