package io.assay.job.report;

import io.assay.job.table.RunTables;
import io.assay.job.table.Table;
import io.assay.job.table.TableRow;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Experts that are chosen together. Of a layer with many experts those of the strongest pairs are
 * shown, the strongest by Jaccard's index: tokens that chose both over tokens that chose either.
 */
record CoactivationSection(List<Layer> layers) {
  private static final int MOST_EXPERTS = 32;
  private static final int MOST_PAIRS = 10;
  private static final int CANDIDATES = 200;

  /** A pair; {@code rate} is the part of the tokens of {@code i} that chose {@code j} too. */
  record Pair(int i, int j, long count, double rate, double rateOfJ, double jaccard) {
    private static Pair of(TableRow row) {
      double rate = row.number("rate");
      double rateOfJ = row.number("rate_j");
      double jaccard = 1 / (1 / rate + 1 / rateOfJ - 1);
      return new Pair(
          row.index("expert_i"),
          row.index("expert_j"),
          row.count("count"),
          rate,
          rateOfJ,
          rate > 0 && rateOfJ > 0 ? jaccard : 0);
    }
  }

  /**
   * A layer.
   *
   * @param experts those shown
   * @param of experts the layer has, as far as they occur in pairs
   * @param rates row by row, percent of the row's tokens that chose the column too; -1 where
   *     unknown
   */
  record Layer(int layer, List<Integer> experts, int of, int[] rates, List<Pair> strongest) {}

  /** The run's pairs; null if it has none. */
  static CoactivationSection of(RunTables tables) {
    Map<Integer, Strongest> layers = new TreeMap<>();
    tables.each(
        Table.EXPERT_COACTIVATION,
        row ->
            layers.computeIfAbsent(row.index("layer"), layer -> new Strongest()).add(Pair.of(row)));
    if (layers.isEmpty()) {
      return null;
    }
    Map<Integer, Layer> shown = new TreeMap<>();
    layers.forEach((layer, strongest) -> shown.put(layer, strongest.empty(layer)));
    // A second time: which pairs are needed is known only now, and all would not fit in memory.
    tables.each(
        Table.EXPERT_COACTIVATION, row -> fill(shown.get(row.index("layer")), Pair.of(row)));
    return new CoactivationSection(List.copyOf(shown.values()));
  }

  private static void fill(Layer layer, Pair pair) {
    int row = layer.experts.indexOf(pair.i);
    int column = layer.experts.indexOf(pair.j);
    if (row >= 0 && column >= 0) {
      int n = layer.experts.size();
      layer.rates[row * n + column] = percent(pair.rate);
      layer.rates[column * n + row] = percent(pair.rateOfJ);
    }
  }

  private static int percent(double rate) {
    return Double.isNaN(rate) ? -1 : (int) Math.round(100 * rate);
  }

  private static final class Strongest {
    private final PriorityQueue<Pair> pairs =
        new PriorityQueue<>(Comparator.comparingDouble(Pair::jaccard));
    private final TreeSet<Integer> experts = new TreeSet<>();

    private void add(Pair pair) {
      experts.add(pair.i);
      experts.add(pair.j);
      pairs.add(pair);
      if (pairs.size() > CANDIDATES) {
        pairs.poll();
      }
    }

    private Layer empty(int layer) {
      List<Pair> strongest = new ArrayList<>(pairs);
      strongest.sort(Comparator.comparingDouble(Pair::jaccard).reversed());
      TreeSet<Integer> chosen = experts.size() <= MOST_EXPERTS ? experts : new TreeSet<>();
      for (Pair pair : strongest) {
        if (chosen.size() + 2 <= MOST_EXPERTS) {
          chosen.add(pair.i);
          chosen.add(pair.j);
        }
      }
      int[] rates = new int[chosen.size() * chosen.size()];
      Arrays.fill(rates, -1);
      return new Layer(
          layer, List.copyOf(chosen), experts.size(), rates, Shown.first(strongest, MOST_PAIRS));
    }
  }
}
