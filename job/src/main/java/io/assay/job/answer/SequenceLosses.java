package io.assay.job.answer;

import io.assay.engine.trace.ExpertCounts;
import io.assay.engine.trace.SequenceBalance;
import io.assay.eval.routing.BalanceLoss;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.apache.spark.sql.Row;

/** Sequence-wise balance losses of a chunk of scored requests, summed by domain and layer. */
final class SequenceLosses {
  /** Sequences, units of the loss, units with the choices that were served; by layer. */
  private final Map<String, long[][]> sums = new TreeMap<>();

  void add(String domain, ExpertCounts served, SequenceBalance balance, int perToken) {
    int layers = balance.highest().length;
    long[][] sum = sums.computeIfAbsent(domain, name -> new long[layers][3]);
    for (int layer = 0; layer < layers; layer++) {
      int[] highest = balance.highest()[layer];
      if (highest != null) {
        double[] shares = balance.shares()[layer];
        int[] chosen = served.tokens()[layer];
        sum[layer][0]++;
        sum[layer][1] += BalanceLoss.units(BalanceLoss.of(highest, shares, perToken));
        sum[layer][2] += BalanceLoss.units(BalanceLoss.of(chosen, shares, perToken));
      }
    }
  }

  void emit(Consumer<Row> rows) {
    sums.forEach(
        (domain, layers) -> {
          for (int layer = 0; layer < layers.length; layer++) {
            long[] sum = layers[layer];
            if (sum[0] > 0) {
              rows.accept(RawRows.SEQUENCE.row(domain, layer, sum[0], sum[1], sum[2]));
            }
          }
        });
  }
}
