package io.assay.eval.metric;

import io.assay.datasets.task.TaskItem;
import io.assay.eval.request.RejectionCode;
import io.assay.eval.statistics.DocumentValue;
import io.assay.eval.statistics.ExactSum;
import io.assay.eval.text.PythonText;
import java.util.List;
import java.util.function.IntToDoubleFunction;

/** Metrics of multiple choice: {@code process_results} of {@code lm_eval/api/task.py}. */
final class ChoiceMetrics {
  /**
   * The label of a document whose right choice does not exist: never predicted, as in the harness.
   */
  private static final int NO_CHOICE = -100;

  private final List<Integer> gold;
  private final List<String> choices;
  private final List<Answer> answers;

  /**
   * @param answers to the choices, in their order; then, if they were asked, to the choices without
   *     context
   */
  ChoiceMetrics(TaskItem item, List<Answer> answers) {
    this.gold = item.gold();
    this.choices = item.choices();
    this.answers = answers;
  }

  /**
   * @throws Unscorable if the metric is not defined for such a document
   */
  DocumentValue value(MetricKind kind) {
    return switch (kind) {
      case ACC, MC1 -> right(best(this::logprob));
      case ACC_NORM -> right(best(i -> logprob(i) / PythonText.codePoints(choices.get(i))));
      case ACC_BYTES -> right(best(i -> logprob(i) / PythonText.utf8Bytes(choices.get(i))));
      case ACC_MUTUAL_INFO -> right(best(i -> logprob(i) - logprob(choices.size() + i)));
      case EXACT_MATCH ->
          DocumentValue.of(
              gold.stream().anyMatch(i -> i >= 0 && i < choices.size() && answers.get(i).greedy()));
      case BRIER_SCORE -> DocumentValue.of(brierScore());
      case MCC -> DocumentValue.of(label(), best(this::logprob));
      case MC2 -> DocumentValue.of(probabilityOfGold());
      case F1 -> positives(best(this::logprob));
      case BLEU,
          CHRF,
          CHRF_PLUS_PLUS,
          TER,
          TOKEN_F1,
          PASS_AT_K,
          PERPLEXITY,
          WORD_PERPLEXITY,
          BYTE_PERPLEXITY,
          BITS_PER_BYTE ->
          throw new IllegalArgumentException(kind + " is no metric of multiple choice");
    };
  }

  private double logprob(int request) {
    return answers.get(request).sumLogprob();
  }

  private DocumentValue right(int choice) {
    return DocumentValue.of(gold.contains(choice));
  }

  /** First arg-max over the choices. */
  private int best(IntToDoubleFunction score) {
    int best = 0;
    double highest = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < choices.size(); i++) {
      double value = score.applyAsDouble(i);
      if (value > highest) {
        highest = value;
        best = i;
      }
    }
    return best;
  }

  private double probabilityOfGold() {
    double[] likelihoods = likelihoods();
    ExactSum right = new ExactSum();
    for (int i = 0; i < likelihoods.length; i++) {
      if (gold.contains(i)) {
        right.add(likelihoods[i]);
      }
    }
    return right.value() / ExactSum.of(likelihoods);
  }

  /** Likelihoods relative to the best choice, so that long texts do not all become 0. */
  private double[] likelihoods() {
    double highest = logprob(best(this::logprob));
    double[] likelihoods = new double[choices.size()];
    for (int i = 0; i < likelihoods.length; i++) {
      likelihoods[i] = StrictMath.exp(logprob(i) - highest);
    }
    return likelihoods;
  }

  /** Brier's score for several classes (1950): 0 is best, 2 is worst. */
  private double brierScore() {
    if (gold.size() != 1) {
      throw new Unscorable(
          RejectionCode.METRIC_UNDEFINED,
          "brier_score needs one right choice, found %d of %d; use mc2"
              .formatted(gold.size(), choices.size()));
    }
    double[] likelihoods = likelihoods();
    double all = ExactSum.of(likelihoods);
    ExactSum squares = new ExactSum();
    for (int i = 0; i < likelihoods.length; i++) {
      double distance = likelihoods[i] / all - (gold.contains(i) ? 1 : 0);
      squares.add(distance * distance);
    }
    return squares.value();
  }

  /** The right choice; {@link #NO_CHOICE} if the data names one that does not exist. */
  private int label() {
    if (gold.size() > 1) {
      throw new Unscorable(
          RejectionCode.METRIC_UNDEFINED,
          "mcc needs one right choice, found %d of %d; use acc"
              .formatted(gold.size(), choices.size()));
    }
    return gold.isEmpty() ? NO_CHOICE : gold.getFirst();
  }

  private DocumentValue positives(int predicted) {
    if (choices.size() != 2 || gold.size() != 1) {
      throw new Unscorable(
          RejectionCode.METRIC_UNDEFINED,
          "f1 needs two choices of which one is right, found %d choices of which %d are; use acc"
              .formatted(choices.size(), gold.size()));
    }
    int actual = gold.getFirst();
    return DocumentValue.of(predicted == 1 && actual == 1 ? 2 : 0, predicted + actual);
  }
}
