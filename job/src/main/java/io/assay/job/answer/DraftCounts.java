package io.assay.job.answer;

import io.assay.engine.speculative.DraftStep;
import io.assay.eval.request.EvalRequest;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.apache.spark.sql.Row;

/** Drafted and accepted tokens of a chunk of requests by depth, domain and place in the text. */
final class DraftCounts {
  /** End of the first bucket; each later one is as long as all before it. */
  private static final int FIRST_BUCKET = 16;

  private record Key(int depth, String domain, int position) {}

  private final Map<Key, long[]> sums =
      new TreeMap<>(
          Comparator.comparingInt(Key::depth)
              .thenComparing(Key::domain)
              .thenComparingInt(Key::position));

  void add(EvalRequest request, List<DraftStep> steps) {
    for (DraftStep step : steps) {
      for (int d = 0; d < step.drafts().size(); d++) {
        int position = step.prefixLength() - request.tokens().length + d;
        long[] sum =
            sums.computeIfAbsent(
                new Key(d + 1, request.domain(), bucket(position)), key -> new long[2]);
        sum[0]++;
        sum[1] += d < step.accepted() ? 1 : 0;
      }
    }
  }

  /**
   * First position of the bucket: 0, 16, 32, 64, 128 and so on.
   *
   * @param position of a generated token, from 0
   */
  static int bucket(int position) {
    return position < FIRST_BUCKET ? 0 : Integer.highestOneBit(position);
  }

  void emit(Consumer<Row> rows) {
    sums.forEach(
        (key, sum) ->
            rows.accept(RawRows.DRAFT.row(key.depth, key.domain, key.position, sum[0], sum[1])));
  }
}
