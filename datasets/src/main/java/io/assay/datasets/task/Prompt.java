package io.assay.datasets.task;

import io.assay.datasets.text.PythonSpace;
import java.util.List;

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
      List<Message> out,
      String question,
      String answer,
      String prefix,
      String targetDelimiter,
      String fewshotDelimiter) {
    if (answer == null || answer.isEmpty()) {
      question(out, question, prefix, targetDelimiter);
      return;
    }
    boolean delimited = isEmpty(prefix) || needsDelimiter(question, prefix);
    out.add(new Message(Message.USER, question, delimited ? targetDelimiter : ""));
    out.add(new Message(Message.ASSISTANT, delimited(prefix, answer, " "), fewshotDelimiter));
  }

  /** The evaluated document's question, with the beginning of the answer if there is one. */
  static void question(List<Message> out, String question, String prefix, String targetDelimiter) {
    boolean delimited = !isEmpty(prefix) && needsDelimiter(question, prefix);
    out.add(new Message(Message.USER, question, delimited ? targetDelimiter : ""));
    if (!isEmpty(prefix)) {
      out.add(new Message(Message.ASSISTANT, prefix, ""));
    }
  }

  /** Instruction and description, where there is one of them. */
  static void system(
      List<Message> out, String instruction, String description, String fewshotDelimiter) {
    String system = delimited(instruction, description, fewshotDelimiter);
    if (!system.isEmpty()) {
      out.add(new Message(Message.SYSTEM, system, ""));
    }
  }

  /** Both texts, with the delimiter between them if neither side of the join has white space. */
  private static String delimited(String left, String right, String delimiter) {
    if (isEmpty(left) || isEmpty(right)) {
      return isEmpty(left) ? right == null ? "" : right : left;
    }
    return left + (needsDelimiter(left, right) ? delimiter : "") + right;
  }

  private static boolean isEmpty(String text) {
    return text == null || text.isEmpty();
  }

  /** Neither side of the join has white space. */
  private static boolean needsDelimiter(String left, String right) {
    return !left.isEmpty() && !endsWithSpace(left) && !PythonSpace.isSpace(right.codePointAt(0));
  }

  /** Whether the last character is white space to Python. */
  static boolean endsWithSpace(String text) {
    return !text.isEmpty() && PythonSpace.isSpace(text.codePointBefore(text.length()));
  }
}
