package io.assay.eval.statistics;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Collects the values of documents, from any number of partitions in any order, and aggregates them
 * once. The result has the same bits for every order: value and standard error of a mean rest on
 * exact sums, and a bootstrap draws from the documents sorted by {@code docIndex}, then {@code
 * docId}.
 */
public final class ScoreAggregator implements Serializable {
  private static final long serialVersionUID = 1L;

  private record Entry(int docIndex, String docId, String cluster, DocumentValue value)
      implements Serializable {}

  /**
   * An aggregate with its error.
   *
   * @param value the aggregate; NaN without documents
   * @param stderr its standard error; NaN with fewer than two documents or clusters
   * @param documents number of values
   * @param clusters they come in; 0 if documents are independent
   */
  public record Estimate(double value, double stderr, long documents, long clusters)
      implements Serializable {}

  private final Aggregation aggregation;
  private final List<Entry> entries = new ArrayList<>();

  /** An empty one. */
  public ScoreAggregator(Aggregation aggregation) {
    this.aggregation = aggregation;
  }

  /** Takes a document's value. */
  public ScoreAggregator add(int docIndex, String docId, DocumentValue value) {
    return add(docIndex, docId, null, value);
  }

  /**
   * Takes a document's value.
   *
   * @param cluster the documents it belongs to, null if it stands alone
   */
  public ScoreAggregator add(int docIndex, String docId, String cluster, DocumentValue value) {
    entries.add(new Entry(docIndex, docId, cluster, value));
    return this;
  }

  /** Takes all values of another aggregator of the same aggregation. */
  public ScoreAggregator merge(ScoreAggregator other) {
    entries.addAll(other.entries);
    return this;
  }

  /**
   * Value and standard error. A mean has the sample standard deviation divided by sqrt(n), or its
   * form for clusters; every other aggregation the {@link Bootstrap} over documents or clusters
   * (the harness has none for weighted aggregations and the Brier score).
   */
  public Estimate finish() {
    List<Entry> sorted = new ArrayList<>(entries);
    sorted.sort(Comparator.comparingInt(Entry::docIndex).thenComparing(Entry::docId));
    int n = sorted.size();
    if (n == 0) {
      return new Estimate(Double.NaN, Double.NaN, 0, 0);
    }
    Observations documents = Observations.of(sorted.stream().map(Entry::value).toList());
    boolean clustered = sorted.stream().allMatch(entry -> entry.cluster() != null);
    Clusters clusters =
        clustered
            ? Clusters.named(sorted.stream().map(Entry::cluster).toList())
            : Clusters.single(n);
    double stderr =
        aggregation.hasClosedForm()
            ? StandardError.ofMean(documents.column(0), clusters)
            : Bootstrap.standardError(aggregation, documents, clusters);
    return new Estimate(aggregation.of(documents), stderr, n, clustered ? clusters.count() : 0);
  }
}
