package io.assay.job.run;

import static io.assay.job.table.Table.ALL_DOMAINS;

import io.assay.engine.config.ModelConfig.Routing;
import io.assay.eval.routing.BalanceLoss;
import io.assay.eval.routing.ExpertCount;
import io.assay.eval.routing.LoadBalance;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;

/** Rows of {@code expert_balance}: by domain and over all of them, phases together. */
final class BalanceRows {
  record Key(int layer, String domain) {}

  static final Comparator<Key> ORDER =
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

  /**
   * Balance losses of the sequences of a layer and domain, summed.
   *
   * @param units of {@link BalanceLoss}
   * @param servedUnits the same with the choices that were served
   */
  record Loss(int layer, String domain, long sequences, long units, long servedUnits) {
    private static final Loss NONE = new Loss(-1, ALL_DOMAINS, 0, 0, 0);

    private Loss plus(Loss other) {
      return new Loss(
          other.layer,
          ALL_DOMAINS,
          sequences + other.sequences,
          units + other.units,
          servedUnits + other.servedUnits);
    }

    private Double mean(long sum) {
      return sequences == 0 ? null : sum * BalanceLoss.UNIT / sequences;
    }
  }

  /**
   * Full fixed-size batches of a layer.
   *
   * @param highest sum over them of the tokens of the most loaded expert
   */
  record Batches(long batches, long highest) {
    /** Mean over the batches of max c / mean c - 1, where all have the same mean c. */
    private double maxViolation(double meanCount) {
      return highest / meanCount / batches - 1;
    }
  }

  /**
   * Rows by layer and domain; a layer without a token has none.
   *
   * @param batches by layer
   * @param batchTokens tokens of a batch
   */
  static List<Row> of(
      List<ExpertCount> counts,
      List<Loss> losses,
      Map<Integer, Batches> batches,
      int batchTokens,
      Routing routing) {
    Map<Key, Loss> lossOf = new TreeMap<>(ORDER);
    for (Loss loss : losses) {
      lossOf.put(new Key(loss.layer(), loss.domain()), loss);
      lossOf.merge(new Key(loss.layer(), ALL_DOMAINS), Loss.NONE.plus(loss), Loss::plus);
    }
    Map<Key, Sum> sums = new TreeMap<>(ORDER);
    for (ExpertCount count : counts) {
      for (String domain : List.of(count.domain(), ALL_DOMAINS)) {
        sums.computeIfAbsent(new Key(count.layer(), domain), key -> new Sum(routing.experts()))
            .add(count);
      }
    }
    List<Row> rows = new ArrayList<>();
    sums.forEach(
        (key, sum) -> {
          long routed = LoadBalance.tokens(key.layer(), sum.tokens, routing.perToken());
          if (routed > 0 && routing.experts() > 1) {
            rows.add(
                row(
                    key,
                    sum,
                    routed,
                    lossOf.getOrDefault(key, Loss.NONE),
                    key.domain().equals(ALL_DOMAINS) ? batches.get(key.layer()) : null,
                    batchTokens,
                    routing));
          }
        });
    return rows;
  }

  private static Row row(
      Key key, Sum sum, long routed, Loss loss, Batches batches, int batchTokens, Routing routing) {
    int perToken = routing.perToken();
    double batchMean = (double) batchTokens * perToken / routing.experts();
    LoadBalance balance = LoadBalance.of(sum.tokens);
    return RowFactory.create(
        key.layer(),
        key.domain(),
        routed,
        balance.maxViolation(),
        balance.variation(),
        balance.entropy(),
        balance.jain(),
        loss.mean(loss.units()),
        (double) sum.groups / routed,
        // Both selections have K experts: half their symmetric difference is what only one has.
        (double) sum.byBias / (routed * perToken),
        loss.mean(loss.servedUnits()),
        loss.sequences(),
        batches == null ? null : batches.maxViolation(batchMean),
        batches == null ? null : batches.batches(),
        batchTokens,
        Arrays.stream(sum.tokens).sum());
  }
}
