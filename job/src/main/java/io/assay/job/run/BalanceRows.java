package io.assay.job.run;

import io.assay.engine.config.ModelConfig.Routing;
import io.assay.eval.routing.ExpertCount;
import io.assay.eval.routing.LoadBalance;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;

/** Rows of {@code expert_balance}: by domain and over all of them, phases together. */
final class BalanceRows {
  /** Domain column of what is not split by domain. */
  static final String ALL = "*";

  private record Key(int layer, String domain) {}

  private static final Comparator<Key> ORDER =
      Comparator.comparingInt(Key::layer).thenComparing(Key::domain);

  private static final class Sum {
    private final long[] tokens;
    private long groups;
    private long byBias;

    private Sum(int experts) {
      this.tokens = new long[experts];
    }

    private void add(ExpertCount count) {
      tokens[count.expert()] += count.tokens();
      groups += count.groupFirsts();
      byBias += count.byBias();
    }
  }

  private BalanceRows() {}

  /** Rows by layer and domain; a layer without a token has none. */
  static List<Row> of(List<ExpertCount> counts, Routing routing) {
    Map<Key, Sum> sums = new TreeMap<>(ORDER);
    for (ExpertCount count : counts) {
      for (String domain : List.of(count.domain(), ALL)) {
        sums.computeIfAbsent(new Key(count.layer(), domain), key -> new Sum(routing.experts()))
            .add(count);
      }
    }
    List<Row> rows = new ArrayList<>();
    sums.forEach(
        (key, sum) -> {
          long routed = LoadBalance.tokens(key.layer(), sum.tokens, routing.perToken());
          if (routed > 0 && routing.experts() > 1) {
            rows.add(row(key, sum, routed, routing.perToken()));
          }
        });
    return rows;
  }

  private static Row row(Key key, Sum sum, long routed, int perToken) {
    LoadBalance balance = LoadBalance.of(sum.tokens);
    return RowFactory.create(
        key.layer(),
        key.domain(),
        routed,
        balance.maxViolation(),
        balance.variation(),
        balance.entropy(),
        balance.jain(),
        null,
        (double) sum.groups / routed,
        // Both selections have K experts: half their symmetric difference is what only one has.
        (double) sum.byBias / (routed * perToken));
  }
}
