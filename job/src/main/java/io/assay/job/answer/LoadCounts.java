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
  /** Tokens, weight units, groups first chosen and choices by bias. */
  private static final int FIELDS = 4;

  private static final Comparator<Key> ORDER =
      Comparator.comparing(Key::domain).thenComparing(Key::phase);

  private record Key(String domain, String phase) {}

  /** {@code [layer][expert * FIELDS + field]}; layers without experts are null. */
  private final Map<Key, long[][]> sums = new TreeMap<>(ORDER);

  /** Adds the counts of one request. */
  void add(String domain, String phase, ExpertCounts counts) {
    int layers = counts.tokens().length;
    long[][] sum = sums.computeIfAbsent(new Key(domain, phase), key -> new long[layers][]);
    for (int layer = 0; layer < layers; layer++) {
      int[] tokens = counts.tokens()[layer];
      if (tokens == null) {
        continue;
      }
      if (sum[layer] == null) {
        sum[layer] = new long[tokens.length * FIELDS];
      }
      long[] of = sum[layer];
      for (int expert = 0; expert < tokens.length; expert++) {
        int at = expert * FIELDS;
        of[at] += tokens[expert];
        of[at + 1] += ExpertCount.units(counts.weightSums()[layer][expert]);
        of[at + 2] += counts.groupFirsts()[layer][expert];
        of[at + 3] += counts.byBias()[layer][expert];
      }
    }
  }

  /** One row for each domain, phase, layer and expert, unchosen experts included. */
  void emit(Consumer<Row> rows) {
    sums.forEach(
        (key, layers) -> {
          for (int layer = 0; layer < layers.length; layer++) {
            long[] of = layers[layer];
            for (int at = 0; of != null && at < of.length; at += FIELDS) {
              rows.accept(
                  RawRows.LOAD.row(
                      key.domain,
                      key.phase,
                      layer,
                      at / FIELDS,
                      of[at],
                      of[at + 1],
                      of[at + 2],
                      of[at + 3]));
            }
          }
        });
  }
}
