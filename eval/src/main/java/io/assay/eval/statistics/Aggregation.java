package io.assay.eval.statistics;

import java.util.Locale;
import java.util.Optional;

/**
 * How the values of documents become one number; names and formulas of the harness ({@code
 * lm_eval/api/metrics.py}). Each is a function of two sums, so rows of any partition can be merged.
 */
public enum Aggregation {
  /** sum / n. */
  MEAN(false),
  /** sum / n; values here are never NaN, only the standard error differs from {@link #MEAN}. */
  NANMEAN(false),
  /** exp(-sum / n). */
  PERPLEXITY(false),
  /** exp(-sum / sum of weights). */
  WEIGHTED_PERPLEXITY(true),
  /** -sum / (sum of weights * ln 2). */
  BITS_PER_BYTE(true);

  private final boolean weighted;

  Aggregation(boolean weighted) {
    this.weighted = weighted;
  }

  /** Whether it divides by weights (words, bytes) instead of documents. */
  public boolean weighted() {
    return weighted;
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
   * @param weights sum of the documents' weights
   * @param documents their number
   * @return NaN if there is nothing to divide by
   */
  public double of(double sum, double weights, long documents) {
    return switch (this) {
      case MEAN, NANMEAN -> sum / documents;
      case PERPLEXITY -> Math.exp(-(sum / documents));
      case WEIGHTED_PERPLEXITY -> Math.exp(-(sum / weights));
      case BITS_PER_BYTE -> -(sum / weights) / Math.log(2);
    };
  }
}
