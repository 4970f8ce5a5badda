package io.assay.job.report;

import io.assay.job.table.RunTables;
import io.assay.job.table.Table;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What the MTP modules drafted and how they predict the corpora.
 *
 * @param positions acceptance along the generated text
 */
record MtpSection(List<Draft> drafts, List<Position> positions, int omitted) {
  private static final int MOST = 300;

  /** A row of {@code mtp}; NaN for null. */
  record Draft(
      int depth,
      String domain,
      Long proposed,
      Long accepted,
      double acceptance,
      double tokensPerStep,
      double speedup,
      double measured,
      Long scored,
      double perplexity,
      double accuracy) {}

  /** A row of {@code mtp_acceptance}. */
  record Position(int depth, String domain, int position, Long proposed, double acceptance) {}

  /** What the run drafted; null if nothing was. */
  static MtpSection of(RunTables tables) {
    List<Draft> drafts =
        tables.list(
            Table.MTP,
            row ->
                new Draft(
                    row.index("depth"),
                    row.text("domain"),
                    row.count("proposed"),
                    row.count("accepted"),
                    row.number("acceptance"),
                    row.number("tokens_per_step"),
                    row.number("expected_speedup"),
                    row.number("measured_speedup"),
                    row.count("scored_tokens"),
                    row.number("perplexity"),
                    row.number("accuracy")));
    List<Position> positions = positions(tables);
    return drafts.isEmpty()
        ? null
        : new MtpSection(
            Shown.first(drafts, MOST),
            Shown.first(positions, MOST),
            Shown.omitted(drafts, MOST) + Shown.omitted(positions, MOST));
  }

  /** Rows of all entropies together, in the order of the table. */
  private static List<Position> positions(RunTables tables) {
    record Place(int depth, String domain, int position) {}
    Map<Place, long[]> counts = new LinkedHashMap<>();
    tables.list(
        Table.MTP_ACCEPTANCE,
        row -> {
          long[] sums =
              counts.computeIfAbsent(
                  new Place(row.index("depth"), row.text("domain"), row.index("position")),
                  place -> new long[2]);
          sums[0] += row.count("proposed");
          sums[1] += row.count("accepted");
          return sums;
        });
    return counts.entrySet().stream()
        .map(
            entry ->
                new Position(
                    entry.getKey().depth(),
                    entry.getKey().domain(),
                    entry.getKey().position(),
                    entry.getValue()[0],
                    (double) entry.getValue()[1] / entry.getValue()[0]))
        .toList();
  }
}
