package io.assay.job.report;

import io.assay.job.InputException;
import io.assay.job.table.RunTables;
import io.assay.job.table.Table;
import io.assay.job.table.TableRow;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Loads of all experts, phases together: over all domains first, then by domain, those with most
 * tokens first.
 *
 * @param layers their indices
 * @param drafts those of them that are MTP modules
 * @param experts of a layer
 * @param omitted domains that are not on the page
 */
record LoadSection(
    List<Integer> layers, List<Integer> drafts, int experts, List<Domain> domains, int omitted) {
  /** Cells of all domains together; a cell takes about four bytes of the page. */
  private static final int MOST_CELLS = 250_000;

  private static final int MOST_DOMAINS = 60;
  private static final int MAX_INDEX = 1 << 16;
  private static final String PHASE_OF_DRAFTS = "mtp";

  /**
   * Loads of a domain.
   *
   * @param choices of all layers
   * @param load layer by layer, 100 times the load relative to balance: 0 only where no token chose
   *     the expert, -1 where a layer saw nothing
   */
  record Domain(String name, long choices, int[] load) {}

  /** The run's loads; null if it has none. */
  static LoadSection of(RunTables tables) {
    Sum sum = new Sum();
    tables.each(Table.EXPERT_LOAD, sum::add);
    return sum.domains.isEmpty() ? null : sum.section();
  }

  private static final class Sum {
    private final Map<String, TreeMap<Integer, long[]>> domains = new HashMap<>();
    private final TreeSet<Integer> layers = new TreeSet<>();
    private final TreeSet<Integer> drafts = new TreeSet<>();
    private int experts;

    private void add(TableRow row) {
      int layer = row.index("layer");
      int expert = row.index("expert");
      if (layer < 0 || layer >= MAX_INDEX || expert < 0 || expert >= MAX_INDEX) {
        throw new InputException(
            "expert " + expert + " of layer " + layer + " is in no model; run it again");
      }
      layers.add(layer);
      if (PHASE_OF_DRAFTS.equals(row.text("phase"))) {
        drafts.add(layer);
      }
      experts = Math.max(experts, expert + 1);
      long tokens = row.count("tokens");
      add(Table.ALL_DOMAINS, layer, expert, tokens);
      add(row.text("domain"), layer, expert, tokens);
    }

    private void add(String domain, int layer, int expert, long tokens) {
      domains.computeIfAbsent(domain, name -> new TreeMap<>())
              .compute(
                  layer,
                  (index, counts) ->
                      counts != null && counts.length > expert
                          ? counts
                          : Arrays.copyOf(
                              counts == null ? new long[0] : counts,
                              Math.max(expert + 1, experts)))[expert] +=
          tokens;
    }

    private LoadSection section() {
      long cells = (long) layers.size() * experts;
      if (cells > MOST_CELLS) {
        throw new InputException(
            "%,d experts are more than a page can show; ask the table expert_load"
                .formatted(cells));
      }
      int most = (int) Math.min(MOST_DOMAINS + 1, MOST_CELLS / cells);
      List<Domain> all = new ArrayList<>();
      domains.forEach((name, counts) -> all.add(domain(name, counts)));
      // One domain is all there is.
      all.removeIf(domain -> domains.size() == 2 && !domain.name.equals(Table.ALL_DOMAINS));
      all.sort(
          Comparator.comparing((Domain domain) -> !domain.name.equals(Table.ALL_DOMAINS))
              .thenComparing(Comparator.comparingLong(Domain::choices).reversed())
              .thenComparing(Domain::name));
      return new LoadSection(
          List.copyOf(layers),
          List.copyOf(drafts),
          experts,
          Shown.first(all, most),
          Shown.omitted(all, most));
    }

    private Domain domain(String name, Map<Integer, long[]> counts) {
      int[] load = new int[layers.size() * experts];
      long choices = 0;
      int at = 0;
      for (int layer : layers) {
        long[] layerCounts = counts.getOrDefault(layer, new long[0]);
        long total = Arrays.stream(layerCounts).sum();
        choices += total;
        for (int expert = 0; expert < experts; expert++) {
          long count = expert < layerCounts.length ? layerCounts[expert] : 0;
          int rounded = total == 0 ? -1 : (int) Math.round(100.0 * count * experts / total);
          load[at++] = count > 0 ? Math.max(1, rounded) : rounded;
        }
      }
      return new Domain(name, choices, load);
    }
  }
}
