package io.assay.tests.pages;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The blocks of a Markdown page that stand under {@code <!-- run -->}, {@code <!-- run: engine -->}
 * or {@code <!-- check: language -->}.
 */
final class Snippets {
  /**
   * One block.
   *
   * @param page file of the page
   * @param line line of the page on which its code starts
   * @param runner what runs it: {@code sh}, {@code duckdb} or {@code spark}; {@code check-sh} or
   *     {@code check-yaml} for what is only read
   * @param code the text between the fences
   */
  record Snippet(String page, int line, String runner, String code) {}

  private static final Pattern MARKER =
      Pattern.compile("<!--\\s*(run|check)(?::\\s*(\\w+))?\\s*-->");

  private Snippets() {}

  /** All marked blocks in order; a marker without a fenced block under it is an error. */
  static List<Snippet> of(Path page) throws IOException {
    List<Snippet> snippets = new ArrayList<>();
    List<String> lines = Files.readAllLines(page);
    String name = page.getFileName().toString();
    for (int i = 0; i < lines.size(); i++) {
      Matcher marker = MARKER.matcher(lines.get(i).strip());
      if (!marker.matches()) {
        continue;
      }
      if (i + 1 >= lines.size() || !lines.get(i + 1).startsWith("```")) {
        throw new IllegalArgumentException(
            name + ", line " + (i + 1) + ": no code block under " + lines.get(i));
      }
      int end = i + 2;
      while (!lines.get(end).equals("```")) {
        end++;
      }
      String language = marker.group(2) == null ? "sh" : marker.group(2);
      String runner = marker.group(1).equals("check") ? "check-" + language : language;
      snippets.add(new Snippet(name, i + 3, runner, String.join("\n", lines.subList(i + 2, end))));
    }
    return snippets;
  }

  /**
   * Blocks of commands, queries and settings that nothing runs or checks: the first lines of those
   * in {@code sh}, {@code sql} and {@code yaml} without a marker above them.
   */
  static List<String> unmarked(Path page) throws IOException {
    List<String> found = new ArrayList<>();
    List<String> lines = Files.readAllLines(page);
    boolean inside = false;
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i).strip();
      if (!line.startsWith("```")) {
        continue;
      }
      boolean opens = !inside && line.matches("```(sh|bash|sql|yaml)");
      if (opens && (i == 0 || !MARKER.matcher(lines.get(i - 1).strip()).matches())) {
        found.add(page.getFileName() + ", line " + (i + 2) + ": " + lines.get(i + 1).strip());
      }
      inside = !inside;
    }
    return found;
  }
}
