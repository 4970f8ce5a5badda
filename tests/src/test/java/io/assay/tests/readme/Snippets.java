package io.assay.tests.readme;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The blocks of a Markdown page that stand under {@code <!-- run -->} or {@code <!-- run: engine
 * -->}.
 */
final class Snippets {
  /**
   * One block.
   *
   * @param line line of the page on which its code starts
   * @param runner what runs it: {@code sh}, {@code duckdb}, {@code spark} or {@code notebook}
   * @param code the text between the fences
   */
  record Snippet(int line, String runner, String code) {}

  private static final Pattern MARKER = Pattern.compile("<!--\\s*run(?::\\s*(\\w+))?\\s*-->");

  private Snippets() {}

  /** All marked blocks in order; a marker without a fenced block under it is an error. */
  static List<Snippet> of(String page) {
    List<Snippet> snippets = new ArrayList<>();
    List<String> lines = page.lines().toList();
    for (int i = 0; i < lines.size(); i++) {
      Matcher marker = MARKER.matcher(lines.get(i).strip());
      if (!marker.matches()) {
        continue;
      }
      if (i + 1 >= lines.size() || !lines.get(i + 1).startsWith("```")) {
        throw new IllegalArgumentException(
            "line " + (i + 1) + ": no code block under " + lines.get(i));
      }
      int end = i + 2;
      while (!lines.get(end).equals("```")) {
        end++;
      }
      String runner = marker.group(1) == null ? "sh" : marker.group(1);
      snippets.add(new Snippet(i + 3, runner, String.join("\n", lines.subList(i + 2, end))));
    }
    return snippets;
  }
}
