package io.assay.job.answer;

import io.assay.eval.routing.RoutedTokens;
import io.assay.eval.routing.TokenDetail;
import io.assay.eval.routing.TokenOrder;
import io.assay.job.config.RunConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;

/** Rows that need to know where each token of some requests went, layer by layer. */
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

  private final List<RoutedTokens> requests;
  private final int experts;
  private final RunConfig.Statistics recorded;

  /** By input and by what comes next; null where tokens are not recorded. */
  private final TokenOrder byInput;

  private final TokenOrder byNext;

  /**
   * @param experts N
   */
  TokenRows(List<RoutedTokens> requests, int experts, RunConfig.Statistics recorded) {
    this.requests = requests;
    this.experts = experts;
    this.recorded = recorded;
    this.byInput = recorded.tokens() > 0 ? TokenOrder.byInput(requests) : null;
    this.byNext = recorded.tokens() > 0 ? TokenOrder.byNext(requests) : null;
  }

  /** Rows of a layer with routed experts. */
  List<Row> of(int layer) {
    TokenDetail detail = new TokenDetail(requests, layer, experts);
    List<Row> rows = new ArrayList<>();
    if (recorded.tokens() > 0) {
      vocabulary(layer, detail, /* next= */ false, rows);
      vocabulary(layer, detail, /* next= */ true, rows);
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

  private void vocabulary(int layer, TokenDetail detail, boolean next, List<Row> rows) {
    List<TokenCounts> counts = Stream.generate(TokenCounts::new).limit(experts).toList();
    detail.byToken(next ? byNext : byInput, (id, expert, n) -> counts.get(expert).add(id, n));
    for (int e = 0; e < experts; e++) {
      TokenCounts of = counts.get(e);
      if (!of.ids.isEmpty()) {
        rows.add(RawRows.VOCABULARY.row(layer, e, next, of.ids, of.tokens));
      }
    }
  }
}
