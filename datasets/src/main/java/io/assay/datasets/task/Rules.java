package io.assay.datasets.task;

import io.assay.datasets.DataErrorCode;
import io.assay.datasets.DataException;
import io.assay.datasets.template.PythonText;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * How a document of some split becomes question, choices and answer.
 *
 * @param text {@code doc_to_text}
 * @param target {@code doc_to_target}
 * @param choice {@code doc_to_choice}, null if the task has none
 * @param prefix {@code gen_prefix}, null if the task has none
 * @param targetDelimiter between question and answer
 */
record Rules(
    FieldRule text, FieldRule target, FieldRule choice, FieldRule prefix, String targetDelimiter) {

  /** Refuses names of columns the data does not have. */
  void check(Set<String> columns) {
    text.check(columns);
    target.check(columns);
    if (choice != null) {
      choice.check(columns);
    }
  }

  String question(Map<String, Object> document, Set<String> columns) {
    return text.text(document, columns);
  }

  Object answer(Map<String, Object> document, Set<String> columns) {
    return target.target(document, columns, choice != null);
  }

  List<String> choices(Map<String, Object> document, Set<String> columns) {
    return choice == null ? List.of() : choice.choices(document, columns);
  }

  String prefix(Map<String, Object> document, Set<String> columns) {
    return prefix == null ? null : prefix.text(document, columns);
  }

  /** Whether {@code doc_to_text} gives the index of a choice: one context for each choice. */
  boolean hasContextPerChoice(Map<String, Object> document, Set<String> columns) {
    return choice != null && text.choiceIndex(document, columns) != null;
  }

  /**
   * Index of the right context, where the choices are contexts.
   *
   * @throws DataException DOCUMENT_INVALID if the document gives no index
   */
  int rightContext(Map<String, Object> document, Set<String> columns) {
    Integer index = text.choiceIndex(document, columns);
    if (index == null) {
      throw new DataException(
          DataErrorCode.DOCUMENT_INVALID,
          "doc_to_text gives the index of a choice in the first document, but no index here;"
              + " correct the data");
    }
    return index;
  }

  /** The right one of the contexts: the question of an example. */
  String contextText(Map<String, Object> document, Set<String> columns) {
    return choiceAt(rightContext(document, columns), document, columns);
  }

  /** The text that follows every context: the answer as it stands, never a choice by its index. */
  String sharedAnswer(Map<String, Object> document, Set<String> columns) {
    Object answer = answer(document, columns);
    return answer == null ? "" : PythonText.str(answer);
  }

  /** The answer as text: a choice by its index, the first of several; null if there is none. */
  String answerText(Map<String, Object> document, Set<String> columns) {
    Object answer = answer(document, columns);
    if (answer instanceof List<?> several) {
      answer = several.isEmpty() ? null : several.getFirst();
    }
    Integer index = choice == null ? null : index(answer);
    if (index == null) {
      return answer == null ? null : PythonText.str(answer);
    }
    return choiceAt(index, document, columns);
  }

  private String choiceAt(int index, Map<String, Object> document, Set<String> columns) {
    List<String> choices = choices(document, columns);
    // Python counts negative indices from the end, and so does the harness here.
    int position = index < 0 ? index + choices.size() : index;
    if (position < 0 || position >= choices.size()) {
      throw new DataException(
          DataErrorCode.DOCUMENT_INVALID,
          "a document names choice " + index + " of " + choices.size() + "; correct the data");
    }
    return choices.get(position);
  }

  /** A number (or boolean) that stands for a choice, null for anything else. */
  static Integer index(Object answer) {
    return switch (answer) {
      case null -> null;
      case Boolean b -> b ? 1 : 0;
      case Long l -> (int) Math.clamp(l, Integer.MIN_VALUE, Integer.MAX_VALUE);
      case BigInteger b -> b.signum() < 0 ? Integer.MIN_VALUE : Integer.MAX_VALUE;
      case Double d -> d == Math.rint(d) ? Integer.valueOf(d.intValue()) : null;
      default -> null;
    };
  }
}
