package io.assay.eval.metric;

import io.assay.datasets.task.TaskItem;
import io.assay.datasets.task.TaskSpec;
import io.assay.eval.filter.ResponseFilters;
import io.assay.eval.request.RejectedRequest;
import io.assay.eval.request.RejectionCode;
import io.assay.eval.text.PythonText;
import io.assay.eval.text.RegexLimitException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.ToDoubleFunction;

/**
 * Judges one document at a time: its answers in, its contribution to every metric out.
 * Serialisable, and without memory of other documents.
 */
public final class DocumentScorer implements Serializable {
  private static final long serialVersionUID = 1L;

  private final TaskSpec spec;
  private final MetricPlan plan;

  /**
   * @throws io.assay.datasets.DataException {@code TASK_INVALID} if the task asks for a metric,
   *     aggregation or filter that is not computed
   */
  public DocumentScorer(TaskSpec spec) {
    this.spec = spec;
    this.plan = MetricPlan.of(spec);
  }

  MetricPlan plan() {
    return plan;
  }

  /**
   * Scores of one document, by filter and metric; none and one rejection if its answers are not
   * complete.
   *
   * @param item the document
   * @param answers to its requests, in any order
   */
  public List<SampleScore> score(
      TaskItem item, List<Answer> answers, Consumer<RejectedRequest> rejections) {
    try {
      List<Answer> ordered = ordered(item, answers);
      List<SampleScore> scores = new ArrayList<>();
      for (ResponseFilters filter : plan.filters()) {
        for (MetricPlan.Planned metric : plan.metrics()) {
          Value value = value(filter, metric, item, ordered);
          scores.add(
              new SampleScore(
                  spec.name(),
                  item.docId(),
                  item.docIndex(),
                  filter.name(),
                  metric.kind().label(),
                  value.value(),
                  value.weight()));
        }
      }
      return scores;
    } catch (Unscorable e) {
      rejections.accept(new RejectedRequest(spec.name(), item.docId(), e.code, e.getMessage()));
    } catch (RegexLimitException e) {
      rejections.accept(
          new RejectedRequest(
              spec.name(), item.docId(), RejectionCode.REGEX_LIMIT, e.getMessage()));
    }
    return List.of();
  }

  /**
   * Filtered responses of one document to one chain, as metrics see them; for tables.
   *
   * @throws RegexLimitException if a pattern is not done within its bound
   */
  public Map<String, List<String>> filtered(List<String> responses) {
    Map<String, List<String>> filtered = new TreeMap<>();
    plan.filters().forEach(filter -> filtered.put(filter.name(), filter.apply(responses)));
    return filtered;
  }

  private record Value(double value, double weight) {
    static Value of(boolean right) {
      return new Value(right ? 1 : 0, 1);
    }
  }

  private Value value(
      ResponseFilters filter, MetricPlan.Planned metric, TaskItem item, List<Answer> answers) {
    return switch (spec.outputType()) {
      case LOGLIKELIHOOD ->
          metric.kind() == MetricKind.ACC
              ? Value.of(answers.getFirst().greedy())
              : new Value(answers.getFirst().sumLogprob(), 1);
      case MULTIPLE_CHOICE -> Value.of(chosen(metric.kind(), item, answers));
      case LOGLIKELIHOOD_ROLLING -> {
        String text = String.join("", item.continuations());
        double sum = 0;
        for (Answer window : answers) {
          sum += window.sumLogprob();
        }
        long weight =
            metric.kind() == MetricKind.WORD_PERPLEXITY
                ? PythonText.words(text)
                : PythonText.utf8Bytes(text);
        yield new Value(sum, weight);
      }
      case GENERATE_UNTIL -> {
        List<String> texts = answers.stream().map(Answer::text).toList();
        yield new Value(metric.exactMatch().score(filter.apply(texts), item.target()), 1);
      }
    };
  }

  private static boolean chosen(MetricKind kind, TaskItem item, List<Answer> answers) {
    List<String> choices = item.choices();
    return switch (kind) {
      case ACC_NORM -> item.gold().contains(best(answers, choices, PythonText::codePoints));
      case ACC_BYTES -> item.gold().contains(best(answers, choices, PythonText::utf8Bytes));
      case EXACT_MATCH ->
          item.gold().stream()
              .anyMatch(gold -> gold >= 0 && gold < answers.size() && answers.get(gold).greedy());
      case ACC, PERPLEXITY, WORD_PERPLEXITY, BYTE_PERPLEXITY, BITS_PER_BYTE ->
          item.gold().contains(best(answers, choices, choice -> 1));
    };
  }

  /** First arg-max of log-probability by length. */
  private static int best(
      List<Answer> answers, List<String> choices, ToDoubleFunction<String> length) {
    int best = 0;
    double highest = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < answers.size(); i++) {
      double score = answers.get(i).sumLogprob() / length.applyAsDouble(choices.get(i));
      if (score > highest) {
        highest = score;
        best = i;
      }
    }
    return best;
  }

  /** The answers in the order of choices or windows, each exactly once. */
  private List<Answer> ordered(TaskItem item, List<Answer> answers) {
    TreeMap<Integer, Answer> byIndex = new TreeMap<>();
    boolean rolling = false;
    boolean texts = false;
    int expected = 1;
    switch (spec.outputType()) {
      case LOGLIKELIHOOD -> {}
      case MULTIPLE_CHOICE -> expected = item.choices().size();
      case GENERATE_UNTIL -> {
        texts = true;
        expected = Math.max(1, spec.generation().repeats());
      }
      case LOGLIKELIHOOD_ROLLING -> {
        rolling = true;
        expected = String.join("", item.continuations()).isEmpty() ? 0 : 1;
      }
    }
    for (Answer answer : answers) {
      if (texts ? answer.text() == null : Double.isNaN(answer.sumLogprob())) {
        throw new Unscorable(
            RejectionCode.ANSWER_INVALID, "an answer has no result; look for it in the samples");
      }
      Answer other = byIndex.put(rolling ? answer.window() : answer.choice(), answer);
      if (other != null && !other.equals(answer)) {
        throw new Unscorable(
            RejectionCode.ANSWER_INVALID,
            "two answers to one request differ; the results of two models are mixed");
      }
    }
    int found = byIndex.size();
    boolean gaps = found > 0 && (byIndex.firstKey() != 0 || byIndex.lastKey() != found - 1);
    if (gaps || (rolling ? found < expected : found != expected)) {
      throw new Unscorable(
          RejectionCode.ANSWER_MISSING,
          "%d of its requests were answered, %s are needed; look for their failures"
              .formatted(found, rolling ? "all windows" : Integer.toString(expected)));
    }
    return List.copyOf(byIndex.values());
  }

  /** Why a document cannot be scored. */
  private static final class Unscorable extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final RejectionCode code;

    Unscorable(RejectionCode code, String message) {
      super(message);
      this.code = code;
    }
  }
}
