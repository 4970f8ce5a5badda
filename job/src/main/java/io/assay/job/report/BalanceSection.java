package io.assay.job.report;

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

/**
 * How evenly the layers' experts are loaded: over all domains, and by the domains with most tokens.
 *
 * @param layers their indices
 * @param measures columns of {@code expert_balance} that some row has
 * @param omitted domains that are not on the page
 */
record BalanceSection(
    List<Integer> layers, List<String> measures, List<Series> series, int omitted) {
  private static final int MOST_SERIES = 9;
  private static final List<String> MEASURES =
      List.of(
          "max_vio",
          "max_vio_batch",
          "cv",
          "entropy",
          "jain",
          "l_bal",
          "l_bal_served",
          "groups_touched",
          "bias_changed");

  /**
   * Values of a domain.
   *
   * @param values by measure, in the order of the layers; NaN where there is none
   */
  record Series(String domain, long tokens, Map<String, double[]> values) {}

  private record Row(int layer, String domain, long tokens, double[] values) {
    private static Row of(TableRow row) {
      return new Row(
          row.index("layer"),
          row.text("domain"),
          row.count("tokens"),
          MEASURES.stream().mapToDouble(row::number).toArray());
    }
  }

  /** The run's balance; null if it has none. */
  static BalanceSection of(RunTables tables) {
    List<Row> rows = tables.list(Table.EXPERT_BALANCE, Row::of);
    if (rows.isEmpty()) {
      return null;
    }
    List<Integer> layers = rows.stream().map(Row::layer).distinct().sorted().toList();
    List<String> measures =
        MEASURES.stream()
            .filter(
                measure ->
                    rows.stream()
                        .anyMatch(row -> !Double.isNaN(row.values[MEASURES.indexOf(measure)])))
            .toList();
    Map<String, List<Row>> domains = new TreeMap<>();
    rows.forEach(row -> domains.computeIfAbsent(row.domain, name -> new ArrayList<>()).add(row));
    List<Series> series =
        domains.entrySet().stream()
            .map(domain -> series(domain.getKey(), domain.getValue(), layers, measures))
            .sorted(
                Comparator.comparing((Series one) -> !one.domain.equals(Table.ALL_DOMAINS))
                    .thenComparing(Comparator.comparingLong(Series::tokens).reversed()))
            .toList();
    return new BalanceSection(
        layers, measures, Shown.first(series, MOST_SERIES), Shown.omitted(series, MOST_SERIES));
  }

  private static Series series(
      String domain, List<Row> rows, List<Integer> layers, List<String> measures) {
    Map<String, double[]> values = new HashMap<>();
    for (String measure : measures) {
      double[] byLayer = new double[layers.size()];
      Arrays.fill(byLayer, Double.NaN);
      for (Row row : rows) {
        byLayer[layers.indexOf(row.layer)] = row.values[MEASURES.indexOf(measure)];
      }
      values.put(measure, byLayer);
    }
    return new Series(domain, rows.stream().mapToLong(Row::tokens).sum(), new TreeMap<>(values));
  }
}
