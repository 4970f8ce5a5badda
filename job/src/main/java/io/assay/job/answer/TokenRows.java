package io.assay.job.answer;

import io.assay.eval.routing.RoutedTokens;
import io.assay.eval.routing.TokenDetail;
import io.assay.job.config.RunConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;

/** Rows of one layer that need to know where each token went. */
final class TokenRows {
  /** Tokens of one expert by id: lists in one row, since a row costs more than what it says. */
  private static final class TokenCounts {
    private final List<Integer> ids = new ArrayList<>();
    private final List<Long> tokens = new ArrayList<>();

    private void add(int id, long count) {
      ids.add(id);
      tokens.add(count);
    }
  }

  private TokenRows() {}

  static List<Row> of(
      List<RoutedTokens> requests, int layer, int experts, RunConfig.Statistics recorded) {
    TokenDetail detail = new TokenDetail(requests, layer, experts);
    List<Row> rows = new ArrayList<>();
    if (recorded.tokens() > 0) {
      List<TokenCounts> counts = Stream.generate(TokenCounts::new).limit(experts).toList();
      detail.byToken((id, expert, n) -> counts.get(expert).add(id, n));
      for (int e = 0; e < experts; e++) {
        if (!counts.get(e).ids.isEmpty()) {
          rows.add(RawRows.VOCABULARY.row(layer, e, counts.get(e).ids, counts.get(e).tokens));
        }
      }
    }
    if (recorded.coactivation()) {
      long[] pairs = detail.pairs();
      for (int i = 0; i < experts; i++) {
        for (int j = i; j < experts; j++) {
          // An expert's own count is there even if it is 0: the pairs that exist are known by it.
          if (i == j || pairs[i * experts + j] > 0) {
            rows.add(RawRows.PAIR.row(layer, i, j, pairs[i * experts + j]));
          }
        }
      }
    }
    detail
        .batches(recorded.batchTokens())
        .forEach(
            (batch, counts) -> {
              for (int e = 0; e < experts; e++) {
                if (counts[e] > 0) {
                  rows.add(RawRows.BATCH.row(layer, batch, e, counts[e]));
                }
              }
            });
    return rows;
  }
}
