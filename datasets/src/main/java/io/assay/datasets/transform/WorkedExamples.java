package io.assay.datasets.transform;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * {@code worked_examples}: cuts a text, read as one document, into the examples it shows a model,
 * as authors of benchmarks distribute them. An example begins with {@code Q: } after an empty line
 * and goes on to the next one; its answer begins at the first line {@code A: }. What stands before
 * the first example (a warning, a description) is left out. Either kind of line end will do.
 *
 * <p>The documents have the columns {@code input}, the question, and {@code target}, the answer. Of
 * a reasoned example {@code reasoning} is all that follows {@code Let's think step by step.}, and
 * {@code target} what follows its last {@code So the answer is }, without the full stop.
 *
 * @param from column of the text, dropped
 * @param reasoned the answers are reasoned step by step
 */
public record WorkedExamples(String from, boolean reasoned) implements DocumentTransform {
  /** Longest text, in characters: a hundred times what is known of benchmarks. */
  static final int MAX_CHARACTERS = 1 << 20;

  private static final String FUNCTION = "worked_examples";
  private static final String QUESTION = "Q: ";
  private static final String ANSWER = "\nA: ";
  private static final String STEPS = "Let's think step by step.";
  private static final String CONCLUSION = "So the answer is ";

  @Override
  public List<Map<String, Object>> apply(Map<String, Object> document) {
    String written = Columns.text(document, from, FUNCTION);
    if (written.length() > MAX_CHARACTERS) {
      throw wrong(document, "at most " + MAX_CHARACTERS + " characters");
    }
    String text = written.replace("\r\n", "\n");
    List<Map<String, Object>> examples = new ArrayList<>();
    int start = text.startsWith(QUESTION) ? 0 : next(text, 0);
    while (start >= 0) {
      int end = next(text, start);
      String block = text.substring(start, end < 0 ? text.length() : end).strip();
      examples.add(example(block, examples.size() + 1, document));
      start = end;
    }
    if (examples.isEmpty()) {
      throw wrong(document, "examples that begin with \"Q: \" after an empty line");
    }
    return examples;
  }

  /** Where the next example begins after {@code position}, -1 if there is none. */
  private static int next(String text, int position) {
    int gap = text.indexOf("\n\n" + QUESTION, position);
    return gap < 0 ? -1 : gap + 2;
  }

  private Map<String, Object> example(String block, int number, Map<String, Object> document) {
    int line = block.indexOf(ANSWER);
    if (line < 0) {
      throw wrong(document, "a line that begins with \"A: \" in example " + number);
    }
    Map<String, Object> example = new LinkedHashMap<>();
    example.put("input", block.substring(QUESTION.length(), line));
    String answer = block.substring(line + ANSWER.length());
    if (!reasoned) {
      example.put("target", answer);
      return example;
    }
    if (!answer.startsWith(STEPS)) {
      throw wrong(document, "\"A: " + STEPS + "\" in example " + number);
    }
    String reasoning = answer.substring(STEPS.length()).strip();
    int conclusion = reasoning.lastIndexOf(CONCLUSION);
    if (conclusion < 0) {
      throw wrong(document, "\"" + CONCLUSION + "...\" in example " + number);
    }
    String target = reasoning.substring(conclusion + CONCLUSION.length());
    example.put("reasoning", reasoning);
    example.put("target", target.endsWith(".") ? target.substring(0, target.length() - 1) : target);
    return example;
  }

  private RuntimeException wrong(Map<String, Object> document, String wanted) {
    return Columns.wrong(document, from, FUNCTION, wanted);
  }
}
