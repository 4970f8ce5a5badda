package io.assay.job.answer;

import io.assay.engine.speculative.DraftStep;
import io.assay.eval.request.EvalRequest;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.apache.spark.sql.Row;

/**
 * Drafted and accepted tokens of a chunk of requests by depth, domain, place in the text and the
 * main model's entropy there.
 */
final class DraftCounts {
  /** End of the first bucket; each later one is as long as all before it. */
  private static final int FIRST_BUCKET = 16;

  /** End of the first bucket in nats; each later one ends at twice its beginning. */
  private static final double FIRST_ENTROPY = 0.125;

  private record Key(int depth, String domain, int position, double entropy) {}

  private final Map<Key, long[]> sums =
      new TreeMap<>(
          Comparator.comparingInt(Key::depth)
              .thenComparing(Key::domain)
              .thenComparingInt(Key::position)
              .thenComparingDouble(Key::entropy));

  void add(EvalRequest request, List<DraftStep> steps) {
    for (DraftStep step : steps) {
      for (int d = 0; d < step.drafts().size(); d++) {
        int position = step.prefixLength() - request.tokens().length + d;
        long[] sum =
            sums.computeIfAbsent(
                new Key(
                    d + 1,
                    request.domain(),
                    bucket(position),
                    entropyBucket(step.entropies().get(d))),
                key -> new long[2]);
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

  /**
   * Beginning of the bucket: 0, 1/8, 1/4, 1/2, 1, 2, 4, 8 nats.
   *
   * @param entropy in nats, not negative
   */
  static double entropyBucket(double entropy) {
    return entropy < FIRST_ENTROPY ? 0 : Math.scalb(1.0, Math.getExponent(entropy));
  }

  void emit(Consumer<Row> rows) {
    sums.forEach(
        (key, sum) ->
            rows.accept(
                RawRows.DRAFT.row(
                    key.depth, key.domain, key.position, key.entropy, sum[0], sum[1])));
  }
}
