package io.assay.datasets.transform;

import java.util.List;
import java.util.Map;

/**
 * {@code boxed_answer}: the answer of a solution written in LaTeX, which stands in its last {@code
 * \boxed{...}} (or {@code \fbox{...}}, or after {@code \boxed } up to the next dollar sign), as
 * {@code last_boxed_only_string} of the harness's mathematics tasks finds it.
 *
 * @param from column of the solution
 * @param to column of the answer, replaced if it is there
 */
public record BoxedAnswer(String from, String to) implements DocumentTransform {
  private static final String BOXED = "\\boxed";

  @Override
  public List<Map<String, Object>> apply(Map<String, Object> document) {
    String answer = answer(Columns.text(document, from, "boxed_answer"));
    if (answer == null) {
      throw Columns.wrong(document, from, "boxed_answer", "a solution with \\boxed{...}");
    }
    return List.of(Columns.with(document, to, answer));
  }

  /** The answer, null if nothing is boxed or a brace is left open. */
  static String answer(String solution) {
    int spaced = solution.lastIndexOf(BOXED + " ");
    if (spaced >= 0) {
      String rest = solution.substring(spaced + BOXED.length() + 1);
      int dollar = rest.indexOf('$');
      return dollar < 0 ? rest : rest.substring(0, dollar);
    }
    int start = solution.lastIndexOf(BOXED);
    start = start < 0 ? solution.lastIndexOf("\\fbox") : start;
    int open = start < 0 ? -1 : solution.indexOf('{', start);
    int depth = 0;
    for (int i = Math.max(open, 0); open >= 0 && i < solution.length(); i++) {
      char c = solution.charAt(i);
      depth += c == '{' ? 1 : c == '}' ? -1 : 0;
      if (c == '}' && depth == 0) {
        return solution.substring(open + 1, i);
      }
    }
    return null;
  }
}
