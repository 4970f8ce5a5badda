package io.assay.datasets.task;

import io.assay.datasets.template.PythonSpace;

/** Pieces of a prompt put together as the harness puts them. */
final class Prompt {
  private Prompt() {}

  /**
   * One few-shot example: question, target delimiter, answer, few-shot delimiter. Without an answer
   * only the question (and prefix) stands, without delimiter.
   *
   * @param answer null or empty if there is none
   * @param prefix beginning of the answer, null if there is none
   */
  static void example(
      StringBuilder out,
      String question,
      String answer,
      String prefix,
      String targetDelimiter,
      String fewshotDelimiter) {
    if (answer == null || answer.isEmpty()) {
      question(out, question, prefix, targetDelimiter);
      return;
    }
    out.append(question);
    boolean hasPrefix = prefix != null && !prefix.isEmpty();
    if (!hasPrefix || needsDelimiter(question, prefix)) {
      out.append(targetDelimiter);
    }
    if (hasPrefix) {
      out.append(prefix).append(needsDelimiter(prefix, answer) ? " " : "");
    }
    out.append(answer).append(fewshotDelimiter);
  }

  /** The evaluated document's question, with the beginning of the answer if there is one. */
  static void question(StringBuilder out, String question, String prefix, String targetDelimiter) {
    out.append(question);
    if (prefix != null && !prefix.isEmpty()) {
      out.append(needsDelimiter(question, prefix) ? targetDelimiter : "").append(prefix);
    }
  }

  /** Neither side of the join has white space. */
  private static boolean needsDelimiter(String left, String right) {
    return !left.isEmpty()
        && !PythonSpace.isSpace(left.codePointBefore(left.length()))
        && !PythonSpace.isSpace(right.codePointAt(0));
  }
}
