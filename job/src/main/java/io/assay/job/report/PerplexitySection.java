package io.assay.job.report;

import io.assay.job.table.RunTables;
import io.assay.job.table.Table;
import io.assay.job.table.TableRow;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Perplexity of the corpora's domains, each beside the baseline's.
 *
 * @param omitted domains that are not on the page: those with the fewest tokens
 */
record PerplexitySection(List<Domain> rows, int omitted) {
  private static final int MOST = 100;

  /** Measures of a domain; NaN for null. */
  record Measures(double token, double word, double bytes, double bits, double stderr) {
    private static final Measures NONE =
        new Measures(Double.NaN, Double.NaN, Double.NaN, Double.NaN, Double.NaN);

    private static Measures of(TableRow row) {
      return new Measures(
          row.number("token_perplexity"),
          row.number("word_perplexity"),
          row.number("byte_perplexity"),
          row.number("bits_per_byte"),
          row.number("stderr"));
    }
  }

  /** A row of {@code perplexity}. */
  record Domain(
      String corpus,
      String domain,
      Long documents,
      Long tokens,
      String protocol,
      Measures run,
      Measures baseline) {}

  private record Key(String corpus, String domain) {
    private static Key of(TableRow row) {
      return new Key(row.text("corpus"), row.text("domain"));
    }
  }

  /**
   * The run's domains in the order of the table; null if it has none.
   *
   * @param baseline tables of the run compared with, or null
   */
  static PerplexitySection of(RunTables tables, RunTables baseline) {
    Map<Key, Measures> before = new HashMap<>();
    if (baseline != null) {
      baseline.each(Table.PERPLEXITY, row -> before.put(Key.of(row), Measures.of(row)));
    }
    List<Domain> rows =
        tables.list(
            Table.PERPLEXITY,
            row ->
                new Domain(
                    row.text("corpus"),
                    row.text("domain"),
                    row.count("documents"),
                    row.count("tokens"),
                    row.text("protocol"),
                    Measures.of(row),
                    before.getOrDefault(Key.of(row), Measures.NONE)));
    if (rows.isEmpty()) {
      return null;
    }
    List<Domain> shown =
        rows.size() <= MOST
            ? rows
            : rows.stream()
                .sorted(Comparator.comparing(Domain::tokens).reversed())
                .limit(MOST)
                .toList();
    return new PerplexitySection(shown, Shown.omitted(rows, MOST));
  }
}
