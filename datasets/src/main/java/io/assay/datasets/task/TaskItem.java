package io.assay.datasets.task;

import java.util.List;

/**
 * One document of a task, rendered: no template is left, only text.
 *
 * @param docId stable id: the document's own {@code id} field if it has one, else its index
 * @param docIndex index in the evaluated split
 * @param context prompt with description and few-shot examples; empty for rolling, and where every
 *     choice has a context of its own
 * @param continuations texts to score after the context, target delimiter included; one for {@code
 *     LOGLIKELIHOOD}, one a choice for {@code MULTIPLE_CHOICE} (and after these each choice once
 *     more if the task asks them without context), the whole text for {@code
 *     LOGLIKELIHOOD_ROLLING}, none for {@code GENERATE_UNTIL}
 * @param choices choice texts without delimiter: of multiple choice, and of generated texts in
 *     which a filter looks for them; empty otherwise
 * @param gold right choices, empty if none; several when the document allows several
 * @param target right answer as text ({@code GENERATE_UNTIL}, {@code LOGLIKELIHOOD}), several if
 *     the document allows several; for {@code LOGLIKELIHOOD_ROLLING} the text whose words and bytes
 *     count, which need not be the one that is scored
 * @param contexts prompt for each continuation where they differ: choices that are contexts,
 *     choices asked without context; empty for all other documents
 * @param cluster the documents it belongs to by {@code metadata.cluster}, null if it stands alone
 */
public record TaskItem(
    String docId,
    int docIndex,
    String context,
    List<String> continuations,
    List<String> choices,
    List<Integer> gold,
    List<String> target,
    List<String> contexts,
    String cluster)
    implements java.io.Serializable {

  /** A document that stands alone. */
  public TaskItem(
      String docId,
      int docIndex,
      String context,
      List<String> continuations,
      List<String> choices,
      List<Integer> gold,
      List<String> target,
      List<String> contexts) {
    this(docId, docIndex, context, continuations, choices, gold, target, contexts, null);
  }

  /** A document that stands alone, with one context. */
  public TaskItem(
      String docId,
      int docIndex,
      String context,
      List<String> continuations,
      List<String> choices,
      List<Integer> gold,
      List<String> target) {
    this(docId, docIndex, context, continuations, choices, gold, target, List.of(), null);
  }

  /** The same document as one of a cluster. */
  TaskItem in(String name) {
    return new TaskItem(
        docId, docIndex, context, continuations, choices, gold, target, contexts, name);
  }

  /** The same document without its prompts: what answers are judged by. */
  public TaskItem judged() {
    return new TaskItem(
        docId, docIndex, "", continuations, choices, gold, target, List.of(), cluster);
  }

  /** The prompt in front of the continuation of that index. */
  public String context(int continuation) {
    return contexts.isEmpty() ? context : contexts.get(continuation);
  }
}
