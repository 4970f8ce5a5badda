package io.assay.eval.metric;

import io.assay.datasets.task.TaskItem;
import io.assay.datasets.task.TaskSpec;
import io.assay.datasets.text.RegexLimitException;
import io.assay.eval.filter.ResponseFilters;
import io.assay.eval.request.RejectedRequest;
import io.assay.eval.request.RejectionCode;
import io.assay.eval.statistics.DocumentValue;
import io.assay.eval.text.PythonText;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

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
          scores.add(
              new SampleScore(
                  spec.name(),
                  item.docId(),
                  item.docIndex(),
                  filter.name(),
                  metric.label(),
                  item.cluster(),
                  value(filter, metric, item, ordered)));
        }
      }
      return scores;
    } catch (Unscorable e) {
      rejections.accept(new RejectedRequest(spec.name(), item.docId(), e.code(), e.getMessage()));
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
  public Map<String, List<String>> filtered(TaskItem item, List<String> responses) {
    Map<String, List<String>> filtered = new TreeMap<>();
    plan.filters()
        .forEach(filter -> filtered.put(filter.name(), filter.apply(responses, item.choices())));
    return filtered;
  }

  private DocumentValue value(
      ResponseFilters filter, MetricPlan.Planned metric, TaskItem item, List<Answer> answers) {
    return switch (spec.outputType()) {
      case LOGLIKELIHOOD ->
          metric.kind() == MetricKind.ACC
              ? DocumentValue.of(answers.getFirst().greedy())
              : DocumentValue.of(answers.getFirst().sumLogprob());
      case MULTIPLE_CHOICE -> new ChoiceMetrics(item, answers).value(metric.kind());
      case LOGLIKELIHOOD_ROLLING -> {
        String text = String.join("", item.target());
        double sum = 0;
        for (Answer window : answers) {
          sum += window.sumLogprob();
        }
        long weight =
            metric.kind() == MetricKind.WORD_PERPLEXITY
                ? PythonText.words(text)
                : PythonText.utf8Bytes(text);
        yield DocumentValue.of(sum, (double) weight);
      }
      case GENERATE_UNTIL -> {
        List<String> texts = answers.stream().map(Answer::text).toList();
        List<String> filtered = filter.apply(texts, item.choices());
        yield metric.onTexts().score(filtered, item.target());
      }
    };
  }

  /** The answers in the order of choices or windows, each exactly once. */
  private List<Answer> ordered(TaskItem item, List<Answer> answers) {
    TreeMap<Integer, Answer> byIndex = new TreeMap<>();
    boolean rolling = false;
    boolean texts = false;
    int expected = 1;
    switch (spec.outputType()) {
      case LOGLIKELIHOOD -> {}
      case MULTIPLE_CHOICE -> expected = item.continuations().size();
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
}
