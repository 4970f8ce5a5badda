package io.assay.eval.metric;

import io.assay.datasets.task.TaskItem;
import io.assay.eval.request.RejectionCode;
import io.assay.eval.statistics.ExactSum;
import io.assay.eval.text.PythonText;
import java.util.List;
import java.util.function.IntToDoubleFunction;

/** Metrics of multiple choice: {@code process_results} of {@code lm_eval/api/task.py}. */
final class ChoiceMetrics {
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
      case MC2 -> new DocumentValue(probabilityOfGold(), 1);
      case F1 -> positives(best(this::logprob));
      case TOKEN_F1, PASS_AT_K, PERPLEXITY, WORD_PERPLEXITY, BYTE_PERPLEXITY, BITS_PER_BYTE ->
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
    // Relative to the best choice, so that long texts do not all become 0.
    double highest = logprob(best(this::logprob));
    ExactSum all = new ExactSum();
    ExactSum right = new ExactSum();
    for (int i = 0; i < choices.size(); i++) {
      double probability = Math.exp(logprob(i) - highest);
      all.add(probability);
      if (gold.contains(i)) {
        right.add(probability);
      }
    }
    return right.value() / all.value();
  }

  private DocumentValue positives(int predicted) {
    if (choices.size() != 2 || gold.size() != 1) {
      throw new Unscorable(
          RejectionCode.METRIC_UNDEFINED,
          "f1 needs two choices of which one is right, found %d choices of which %d are; use acc"
              .formatted(choices.size(), gold.size()));
    }
    int actual = gold.getFirst();
    return new DocumentValue(predicted == 1 && actual == 1 ? 2 : 0, predicted + actual);
  }
}
