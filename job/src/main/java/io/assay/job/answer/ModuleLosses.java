package io.assay.job.answer;

import io.assay.engine.score.ModuleScore;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.apache.spark.sql.Row;

/** What the MTP modules say of a chunk of scored texts, summed by depth and domain. */
public final class ModuleLosses {
  /** 2^-26 nat: losses are added as whole numbers of it, to the same sum in every order. */
  public static final double UNIT = 0x1p-26;

  private record Key(int depth, String domain) {}

  /** Tokens, units of the loss, tokens that were the arg-max. */
  private final Map<Key, long[]> sums =
      new TreeMap<>(Comparator.comparingInt(Key::depth).thenComparing(Key::domain));

  void add(String domain, List<ModuleScore> scores) {
    for (ModuleScore score : scores) {
      long[] sum = sums.computeIfAbsent(new Key(score.depth(), domain), key -> new long[3]);
      sum[0] += score.tokenLogprobs().length;
      sum[1] += Math.round(-score.sumLogprob() / UNIT);
      sum[2] += score.correct();
    }
  }

  void emit(Consumer<Row> rows) {
    sums.forEach(
        (key, sum) ->
            rows.accept(RawRows.MODULE.row(key.depth, key.domain, sum[0], sum[1], sum[2])));
  }
}
