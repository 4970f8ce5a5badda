package io.assay.eval.statistics;

import java.util.Locale;
import java.util.Optional;

/**
 * How the values of documents become one number; names and formulas of the harness ({@code
 * lm_eval/api/metrics.py}). Each is a function of two sums, so rows of any partition can be merged.
 */
public enum Aggregation {
  /** sum / n. */
  MEAN(Weight.DOCUMENTS),
  /** sum / n; values here are never NaN, only the standard error differs from {@link #MEAN}. */
  NANMEAN(Weight.DOCUMENTS),
  /** exp(-sum / n). */
  PERPLEXITY(Weight.DOCUMENTS),
  /** exp(-sum / sum of weights). */
  WEIGHTED_PERPLEXITY(Weight.LENGTH),
  /** -sum / (sum of weights * ln 2). */
  BITS_PER_BYTE(Weight.LENGTH),
  /**
   * sum / sum of weights, 0 without weight. A document's value is 2 for a true positive, else 0,
   * its weight the number of positives among its gold and its predicted label: 2 tp / (2 tp + fp +
   * fn).
   */
  F1(Weight.POSITIVES);

  /** What the sum is divided by. */
  private enum Weight {
    DOCUMENTS,
    LENGTH,
    POSITIVES
  }

  private final Weight weight;

  Aggregation(Weight weight) {
    this.weight = weight;
  }

  /** Whether it takes the values and weights that are made for another. */
  public boolean takesValuesOf(Aggregation other) {
    return weight == other.weight;
  }

  /** The name in task files. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The aggregation of that name. */
  public static Optional<Aggregation> named(String label) {
    for (Aggregation aggregation : values()) {
      if (aggregation.label().equals(label)) {
        return Optional.of(aggregation);
      }
    }
    return Optional.empty();
  }

  /**
   * The aggregate.
   *
   * @param sum of the documents' values
   * @param weights sum of the documents' weights, read by those that do not divide by documents
   * @param documents their number
   * @return NaN if there is nothing to divide by
   */
  public double of(double sum, double weights, long documents) {
    return switch (this) {
      case MEAN, NANMEAN -> sum / documents;
      case PERPLEXITY -> Math.exp(-(sum / documents));
      case WEIGHTED_PERPLEXITY -> Math.exp(-(sum / weights));
      case BITS_PER_BYTE -> -(sum / weights) / Math.log(2);
      case F1 -> weights == 0 ? 0 : sum / weights;
    };
  }
}
