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

  private record Entry(int docIndex, String docId, double value, double weight)
      implements Serializable {}

  /**
   * An aggregate with its error.
   *
   * @param value the aggregate; NaN without documents
   * @param stderr its standard error; NaN with fewer than two documents
   * @param documents number of values
   */
  public record Estimate(double value, double stderr, long documents) implements Serializable {}

  private final Aggregation aggregation;
  private final List<Entry> entries = new ArrayList<>();

  /** An empty one. */
  public ScoreAggregator(Aggregation aggregation) {
    this.aggregation = aggregation;
  }

  /**
   * Takes a document's value.
   *
   * @param weight words or bytes for weighted aggregations, not read by others
   */
  public ScoreAggregator add(int docIndex, String docId, double value, double weight) {
    entries.add(new Entry(docIndex, docId, value, weight));
    return this;
  }

  /** Takes all values of another aggregator of the same aggregation. */
  public ScoreAggregator merge(ScoreAggregator other) {
    entries.addAll(other.entries);
    return this;
  }

  /**
   * Value and standard error. A mean has the sample standard deviation divided by sqrt(n), every
   * other aggregation the {@link Bootstrap} over documents (the harness has none for weighted
   * aggregations).
   */
  public Estimate finish() {
    List<Entry> sorted = new ArrayList<>(entries);
    sorted.sort(Comparator.comparingInt(Entry::docIndex).thenComparing(Entry::docId));
    double[] values = sorted.stream().mapToDouble(Entry::value).toArray();
    double[] weights = sorted.stream().mapToDouble(Entry::weight).toArray();
    int n = values.length;
    if (n == 0) {
      return new Estimate(Double.NaN, Double.NaN, 0);
    }
    double value = aggregation.of(ExactSum.of(values), ExactSum.of(weights), n);
    double stderr =
        aggregation == Aggregation.MEAN
            ? StandardError.ofMean(values)
            : Bootstrap.standardError(aggregation, values, weights);
    return new Estimate(value, stderr, n);
  }
}
