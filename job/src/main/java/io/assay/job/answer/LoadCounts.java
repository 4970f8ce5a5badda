package io.assay.job.answer;

import io.assay.engine.trace.ExpertCounts;
import io.assay.eval.routing.ExpertCount;
import java.util.Comparator;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.apache.spark.sql.Row;

/** Routing counts of a chunk of requests, so that rows grow with experts and not with requests. */
final class LoadCounts {
  private static final Comparator<Key> ORDER =
      Comparator.comparing(Key::domain)
          .thenComparing(Key::phase)
          .thenComparingInt(Key::layer)
          .thenComparingInt(Key::expert);

  private record Key(String domain, String phase, int layer, int expert) {}

  /** Tokens, weight units, groups first chosen and choices by bias. */
  private final Map<Key, long[]> sums = new TreeMap<>(ORDER);

  /** Adds the counts of one request. */
  void add(String domain, String phase, ExpertCounts counts) {
    for (ExpertCount count : ExpertCount.of(counts, domain, phase)) {
      long[] sum =
          sums.computeIfAbsent(
              new Key(domain, phase, count.layer(), count.expert()), key -> new long[4]);
      sum[0] += count.tokens();
      sum[1] += count.weightUnits();
      sum[2] += count.groupFirsts();
      sum[3] += count.byBias();
    }
  }

  /** One row for each domain, phase, layer and expert, unchosen experts included. */
  void emit(Consumer<Row> rows) {
    sums.forEach(
        (key, sum) ->
            rows.accept(
                RawRows.LOAD.row(
                    key.domain, key.phase, key.layer, key.expert, sum[0], sum[1], sum[2], sum[3])));
  }
}
