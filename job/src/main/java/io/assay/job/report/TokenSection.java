package io.assay.job.report;

import io.assay.job.table.RunTables;
import io.assay.job.table.Table;
import io.assay.job.table.TableRow;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;

/**
 * The tokens that chose each expert most often.
 *
 * @param texts tokens, each once
 * @param experts by {@code layer:expert}: index in {@code texts}, count, and percent of the token's
 *     occurrences, for each token in turn
 * @param omitted rows of the table that are not on the page
 */
record TokenSection(List<String> texts, Map<String, List<Long>> experts, long omitted) {
  private static final int MOST = 50_000;

  /** Of all texts together; with their counts about a megabyte of the page. */
  private static final int MOST_CHARACTERS = 500_000;

  private static final int MOST_OF_AN_EXPERT = 20;
  private static final int LONGEST = 48;

  private record Token(int rank, int layer, int expert, String text, long count, double part) {
    /** What goes first: every expert's first tokens, the frequent ones before the rare. */
    private static final Comparator<Token> ORDER =
        Comparator.comparingInt(Token::rank)
            .thenComparing(Comparator.comparingLong(Token::count).reversed())
            .thenComparingInt(Token::layer)
            .thenComparingInt(Token::expert);

    private static Token of(TableRow row) {
      return new Token(
          row.index("rank"),
          row.index("layer"),
          row.index("expert"),
          Shown.text(row.text("token"), LONGEST),
          row.count("count"),
          row.number("specialisation"));
    }
  }

  /** The run's tokens; null if it has none. */
  static TokenSection of(RunTables tables) {
    PriorityQueue<Token> kept = new PriorityQueue<>(Token.ORDER.reversed());
    long[] rows = new long[1];
    tables.each(
        Table.EXPERT_TOKENS,
        row -> {
          rows[0]++;
          if (row.index("rank") <= MOST_OF_AN_EXPERT) {
            kept.add(Token.of(row));
          }
          if (kept.size() > MOST) {
            kept.poll();
          }
        });
    if (kept.isEmpty()) {
      return null;
    }
    List<Token> tokens = new ArrayList<>(kept);
    tokens.sort(Token.ORDER);
    Map<String, Long> indices = new LinkedHashMap<>();
    Map<String, List<Long>> experts = new LinkedHashMap<>();
    long shown = 0;
    int characters = 0;
    for (Token token : tokens) {
      characters += indices.containsKey(token.text) ? 0 : token.text.length();
      if (characters > MOST_CHARACTERS) {
        break;
      }
      shown++;
      indices.putIfAbsent(token.text, (long) indices.size());
      List<Long> own =
          experts.computeIfAbsent(token.layer + ":" + token.expert, key -> new ArrayList<>());
      own.add(indices.get(token.text));
      own.add(token.count);
      own.add(Math.round(100 * token.part));
    }
    return new TokenSection(List.copyOf(indices.keySet()), experts, rows[0] - shown);
  }
}
