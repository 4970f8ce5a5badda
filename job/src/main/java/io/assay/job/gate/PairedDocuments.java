package io.assay.job.gate;

import io.assay.eval.comparison.PairedDifference;
import io.assay.eval.statistics.Aggregation;
import io.assay.eval.statistics.Clusters;
import io.assay.eval.statistics.DocumentValue;
import io.assay.eval.statistics.Observations;
import io.assay.job.InputException;
import io.assay.job.table.DocumentValueTable.Contribution;
import io.assay.job.table.MetricTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;

/**
 * What the documents of two runs contributed to a metric, in the order of their ids.
 *
 * @param clusters of the documents, null if they are independent
 * @param unpaired documents of only one of the runs
 */
record PairedDocuments(
    Aggregation aggregation,
    Observations baseline,
    Observations run,
    Clusters clusters,
    long unpaired) {

  /**
   * Joins contributions by document.
   *
   * @throws InputException if there are no common documents, or they did not ask the same
   */
  static PairedDocuments of(
      MetricTable.Metric metric,
      SortedMap<String, Contribution> baseline,
      SortedMap<String, Contribution> run) {
    Aggregation aggregation =
        Aggregation.named(metric.aggregation())
            .orElseThrow(
                () ->
                    new InputException(
                        "a later version aggregated by '%s'; compare with that version"
                            .formatted(metric.aggregation())));
    List<DocumentValue> before = new ArrayList<>();
    List<DocumentValue> after = new ArrayList<>();
    List<String> clusters = new ArrayList<>();
    run.forEach(
        (id, contribution) -> {
          Contribution other = baseline.get(id);
          if (other != null) {
            requireSame(id, aggregation, contribution, other);
            before.add(other.value());
            after.add(contribution.value());
            clusters.add(contribution.cluster());
          }
        });
    if (after.isEmpty()) {
      throw new InputException(
          "no document is in both runs: %d are in the baseline, %d in this run"
              .formatted(baseline.size(), run.size()));
    }
    return new PairedDocuments(
        aggregation,
        Observations.of(before),
        Observations.of(after),
        clusters.contains(null) ? null : Clusters.named(clusters),
        baseline.size() + run.size() - 2L * after.size());
  }

  /** The difference between the runs. */
  PairedDifference difference(double alpha) {
    return PairedDifference.of(aggregation, baseline, run, clusters, alpha);
  }

  private static void requireSame(
      String id, Aggregation aggregation, Contribution run, Contribution baseline) {
    if (!Objects.equals(run.question(), baseline.question())
        || run.value().statistics().size() != baseline.value().statistics().size()) {
      throw new InputException(
          ("document %s asked something else in the baseline: its text, examples, chat template or"
                  + " generation settings differ")
              .formatted(id));
    }
    boolean lengths = aggregation.takesValuesOf(Aggregation.WEIGHTED_PERPLEXITY);
    if (lengths && run.value().weight() != baseline.value().weight()) {
      throw new InputException(
          "document %s has a length of %.0f here and %.0f in the baseline: another text or tokenizer"
              .formatted(id, run.value().weight(), baseline.value().weight()));
    }
  }
}
