package io.assay.job.answer;

import io.assay.eval.routing.RoutedTokens;
import io.assay.eval.routing.TokenDetail;
import io.assay.job.config.RunConfig;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Row;

/** Rows of one layer that need to know where each token went. */
final class TokenRows {
  private TokenRows() {}

  static List<Row> of(
      List<RoutedTokens> requests, int layer, int experts, RunConfig.Statistics recorded) {
    TokenDetail detail = new TokenDetail(requests, layer, experts);
    List<Row> rows = new ArrayList<>();
    if (recorded.tokens() > 0) {
      detail.byToken((id, expert, n) -> rows.add(RawRows.TOKEN.row(layer, id, expert, n)));
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
