package io.assay.datasets.transform;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * {@code wikitext_articles}: cuts a WikiText file, read as one document, into its articles, as the
 * document-level edition of the data set does. An article begins at a line {@code = Title =};
 * headings of sections have more equals signs. What is only white space is no article.
 *
 * @param from column of the file's text, dropped
 * @param to column of the article, line ends kept
 */
public record WikitextArticles(String from, String to) implements DocumentTransform {
  @Override
  public List<Map<String, Object>> apply(Map<String, Object> document) {
    String text = Columns.text(document, from, "wikitext_articles");
    List<Map<String, Object>> articles = new ArrayList<>();
    int start = 0;
    for (int line = 0; line >= 0; ) {
      int end = text.indexOf('\n', line);
      String heading = text.substring(line, end < 0 ? text.length() : end);
      if (line > start && isTitle(heading)) {
        // The line feed in front of a title belongs to neither article.
        add(text.substring(start, line - 1), articles);
        start = line;
      }
      line = end < 0 ? -1 : end + 1;
    }
    add(text.substring(start), articles);
    return articles;
  }

  private void add(String article, List<Map<String, Object>> articles) {
    if (!article.isBlank()) {
      articles.add(Map.of(to, article));
    }
  }

  private static boolean isTitle(String line) {
    String joined = line.replace("= = =", "===").replace("= =", "==").strip();
    return joined.startsWith("= ") && joined.endsWith(" =");
  }
}
