package io.assay.eval.metric;

import io.assay.datasets.task.OutputType;
import io.assay.eval.statistics.Aggregation;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The metrics of the harness that are computed, by the kind of task they are defined for. */
enum MetricKind {
  /** Choice with the highest log-probability is right; a single continuation is the arg-max. */
  ACC(Aggregation.MEAN),
  /** The same with log-probabilities divided by the choices' code points. */
  ACC_NORM(Aggregation.MEAN),
  /** The same with log-probabilities divided by the choices' UTF-8 bytes. */
  ACC_BYTES(Aggregation.MEAN),
  /** The same with log-probabilities less those of the choices without their context. */
  ACC_MUTUAL_INFO(Aggregation.MEAN),
  /** Squared distance of the choices' probabilities from the right answer. */
  BRIER_SCORE(Aggregation.BRIER_SCORE),
  /** Matthews' correlation of the right choice and the one with the highest log-probability. */
  MCC(Aggregation.MATTHEWS_CORRCOEF),
  /** TruthfulQA's single-answer score: acc under its own name. */
  MC1(Aggregation.MEAN),
  /** TruthfulQA's: share of the right choices in the probability of all choices. */
  MC2(Aggregation.MEAN),
  /** Harmonic mean of precision and recall of choice 1 among two choices. */
  F1(Aggregation.F1),
  /** The filtered text equals a target; of choices, a right one is the arg-max at every token. */
  EXACT_MATCH(Aggregation.MEAN),
  /** Share of words the filtered text and its closest target have in common (SQuAD's F1). */
  TOKEN_F1(Aggregation.MEAN),
  /** BLEU of the filtered texts of all documents. */
  BLEU(Aggregation.BLEU),
  /** chrF of the filtered texts of all documents. */
  CHRF(Aggregation.CHRF),
  /** chrF++ of the filtered texts of all documents. */
  CHRF_PLUS_PLUS(Aggregation.CHRF_PLUS_PLUS),
  /** Translation edit rate of the filtered texts of all documents. */
  TER(Aggregation.TER),
  /** Chance that one of k responses equals a target, estimated from more than k. */
  PASS_AT_K(Aggregation.MEAN),
  /** Log-probability of the target. */
  PERPLEXITY(Aggregation.PERPLEXITY),
  /** Log-probability of a document over its words. */
  WORD_PERPLEXITY(Aggregation.WEIGHTED_PERPLEXITY),
  /** Log-probability of a document over its bytes. */
  BYTE_PERPLEXITY(Aggregation.WEIGHTED_PERPLEXITY),
  /** Log-probability of a document over its bytes, in bits. */
  BITS_PER_BYTE(Aggregation.BITS_PER_BYTE);

  private final Aggregation aggregation;

  MetricKind(Aggregation aggregation) {
    this.aggregation = aggregation;
  }

  String label() {
    return this == CHRF_PLUS_PLUS ? "chrf++" : name().toLowerCase(Locale.ROOT);
  }

  /** Aggregation when the task does not say. */
  Aggregation aggregation() {
    return aggregation;
  }

  static Optional<MetricKind> named(String label, OutputType outputType) {
    return definedFor(outputType).stream().filter(kind -> kind.label().equals(label)).findFirst();
  }

  static List<MetricKind> definedFor(OutputType outputType) {
    return switch (outputType) {
      case LOGLIKELIHOOD -> List.of(PERPLEXITY, ACC);
      case LOGLIKELIHOOD_ROLLING -> List.of(WORD_PERPLEXITY, BYTE_PERPLEXITY, BITS_PER_BYTE);
      case MULTIPLE_CHOICE ->
          List.of(
              ACC,
              ACC_NORM,
              ACC_BYTES,
              ACC_MUTUAL_INFO,
              BRIER_SCORE,
              MCC,
              MC1,
              MC2,
              F1,
              EXACT_MATCH);
      case GENERATE_UNTIL ->
          List.of(EXACT_MATCH, BLEU, CHRF, CHRF_PLUS_PLUS, TER, TOKEN_F1, PASS_AT_K);
    };
  }
}
