package io.assay.eval.statistics;

import io.assay.eval.translation.Bleu;
import io.assay.eval.translation.Chrf;
import io.assay.eval.translation.TranslationEditRate;
import java.util.Arrays;
import java.util.Optional;

/**
 * How the values of documents become one number; names and formulas of the harness ({@code
 * lm_eval/api/metrics.py}). All but {@link #MEDIAN} and {@link #MATTHEWS_CORRCOEF} are functions of
 * sums over documents.
 */
public enum Aggregation {
  /** sum / n. */
  MEAN("mean", Input.VALUE),
  /** sum / n; values here are never NaN, only the standard error differs from {@link #MEAN}. */
  NANMEAN("nanmean", Input.VALUE),
  /** The element n / 2 (rounded down) of the sorted values. */
  MEDIAN("median", Input.VALUE),
  /** exp(-sum / n). */
  PERPLEXITY("perplexity", Input.VALUE),
  /** sum / n of squared distances between probabilities and the right answer. */
  BRIER_SCORE("brier_score", Input.SQUARED_DISTANCE),
  /** exp(-sum / sum of weights). */
  WEIGHTED_PERPLEXITY("weighted_perplexity", Input.LENGTH),
  /** -sum / (sum of weights * ln 2). */
  BITS_PER_BYTE("bits_per_byte", Input.LENGTH),
  /**
   * sum / sum of weights, 0 without weight. A document's value is 2 for a true positive, else 0,
   * its weight the number of positives among its gold and its predicted label: 2 tp / (2 tp + fp +
   * fn).
   */
  F1("f1", Input.POSITIVES),
  /** Matthews correlation of gold and predicted labels, for any number of classes. */
  MATTHEWS_CORRCOEF("matthews_corrcoef", Input.LABELS),
  /** Corpus BLEU of the documents' n-gram counts. */
  BLEU("bleu", Input.BLEU_COUNTS),
  /** Corpus chrF of the documents' character n-gram counts. */
  CHRF("chrf", Input.CHRF_COUNTS),
  /** Corpus chrF++ of the documents' character and word n-gram counts. */
  CHRF_PLUS_PLUS("chrf++", Input.CHRF_PLUS_PLUS_COUNTS),
  /** Edits / words of the references. */
  TER("ter", Input.EDITS);

  /** What the statistics of a document are. */
  private enum Input {
    VALUE,
    SQUARED_DISTANCE,
    LENGTH,
    POSITIVES,
    LABELS,
    BLEU_COUNTS,
    CHRF_COUNTS,
    CHRF_PLUS_PLUS_COUNTS,
    EDITS
  }

  private final String label;
  private final Input input;

  Aggregation(String label, Input input) {
    this.label = label;
    this.input = input;
  }

  /** Whether it takes the statistics that are made for another. */
  public boolean takesValuesOf(Aggregation other) {
    return input == other.input;
  }

  /** The name in task files. */
  public String label() {
    return label;
  }

  /** The aggregation of that name. */
  public static Optional<Aggregation> named(String label) {
    return Arrays.stream(values()).filter(a -> a.label.equals(label)).findFirst();
  }

  /** Whether it is a mean whose standard error has a closed form; the others are resampled. */
  boolean hasClosedForm() {
    return this == MEAN || this == BRIER_SCORE;
  }

  /** Bootstrap resamples: the harness takes fewer where each costs more. */
  public int resamples() {
    return switch (this) {
      case BLEU, CHRF, CHRF_PLUS_PLUS, TER -> 100;
      default -> 1000;
    };
  }

  /**
   * The aggregate of at least one document. StrictMath, so that a processor's own functions change
   * no bit.
   *
   * @return NaN or infinite if there is nothing to divide by
   */
  public double of(Observations documents) {
    int n = documents.size();
    return switch (this) {
      case MEAN, NANMEAN, BRIER_SCORE -> documents.sum(0) / n;
      case MEDIAN -> median(documents.column(0));
      case PERPLEXITY -> StrictMath.exp(-(documents.sum(0) / n));
      case WEIGHTED_PERPLEXITY -> StrictMath.exp(-(documents.sum(0) / documents.sum(1)));
      case BITS_PER_BYTE -> -(documents.sum(0) / documents.sum(1)) / StrictMath.log(2);
      case F1 -> documents.sum(1) == 0 ? 0 : documents.sum(0) / documents.sum(1);
      case MATTHEWS_CORRCOEF -> MatthewsCorrelation.of(documents.column(0), documents.column(1));
      case BLEU -> Bleu.score(documents.sums());
      case CHRF, CHRF_PLUS_PLUS -> Chrf.score(documents.sums());
      case TER -> TranslationEditRate.score(documents.sums());
    };
  }

  private static double median(double[] values) {
    Arrays.sort(values);
    return values[values.length / 2];
  }
}
