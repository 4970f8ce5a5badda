package io.assay.job.answer;

import io.assay.engine.config.ModelConfig.Routing;
import java.util.Comparator;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.apache.spark.sql.Row;

/** How many groups of experts the tokens of a chunk of requests chose from. */
final class GroupCounts {
  private record Key(String domain, int layer) {}

  private static final Comparator<Key> ORDER =
      Comparator.comparing(Key::domain).thenComparingInt(Key::layer);

  /** Tokens by number of groups. */
  private final Map<Key, long[]> sums = new TreeMap<>(ORDER);

  /**
   * Adds the fed tokens of one request.
   *
   * @param experts {@code [layer][token][K]} ascending expert ids, null for dense layers
   */
  void add(String domain, int[][][] experts, Routing routing) {
    if (routing.groups() == 1) {
      return;
    }
    int size = routing.experts() / routing.groups();
    for (int layer = 0; layer < experts.length; layer++) {
      if (experts[layer] != null) {
        long[] tokens =
            sums.computeIfAbsent(new Key(domain, layer), key -> new long[routing.groups() + 1]);
        for (int[] chosen : experts[layer]) {
          tokens[groups(chosen, size)]++;
        }
      }
    }
  }

  private static int groups(int[] chosen, int size) {
    int groups = 0;
    int last = -1;
    for (int expert : chosen) {
      // Ids ascend: a group's chosen experts stand together.
      if (expert / size != last) {
        last = expert / size;
        groups++;
      }
    }
    return groups;
  }

  /** One row for each domain, layer and number of groups that occurs. */
  void emit(Consumer<Row> rows) {
    sums.forEach(
        (key, tokens) -> {
          for (int groups = 1; groups < tokens.length; groups++) {
            if (tokens[groups] > 0) {
              rows.accept(RawRows.GROUPS.row(key.domain, key.layer, groups, tokens[groups]));
            }
          }
        });
  }
}
