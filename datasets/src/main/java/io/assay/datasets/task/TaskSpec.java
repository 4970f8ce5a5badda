package io.assay.datasets.task;

import java.util.List;
import java.util.Map;

/**
 * What a task's results mean, once its file is read: everything metrics need.
 *
 * @param name {@code task}
 * @param version {@code metadata.version}, "0" if absent
 * @param tags groups the task belongs to ({@code tag})
 * @param outputType kind of request
 * @param numFewshot examples in front of each document
 * @param fewshotMode how examples are chosen: {@code first_n}, {@code by_id} or {@code harness}
 * @param generation parameters of {@code GENERATE_UNTIL}, null otherwise
 * @param metrics what is computed
 * @param filters named chains applied to generated texts; a chain named {@code none} takes the text
 *     as it is
 */
public record TaskSpec(
    String name,
    String version,
    List<String> tags,
    OutputType outputType,
    int numFewshot,
    String fewshotMode,
    Generation generation,
    List<Metric> metrics,
    List<FilterChain> filters)
    implements java.io.Serializable {

  /** Metric that compares each choice with and without its context. */
  public static final String ACC_MUTUAL_INFO = "acc_mutual_info";

  /** The same with other metrics. */
  public TaskSpec withMetrics(List<Metric> others) {
    return new TaskSpec(
        name, version, tags, outputType, numFewshot, fewshotMode, generation, others, filters);
  }

  /** The same with other filters. */
  public TaskSpec withFilters(List<FilterChain> others) {
    return new TaskSpec(
        name, version, tags, outputType, numFewshot, fewshotMode, generation, metrics, others);
  }

  /** Whether every choice is asked a second time, without context. */
  public boolean asksWithoutContext() {
    return outputType == OutputType.MULTIPLE_CHOICE
        && metrics.stream().anyMatch(metric -> metric.name().equals(ACC_MUTUAL_INFO));
  }

  /** Whether a filter looks for the choices of a document in the generated text. */
  public boolean filtersByChoices() {
    return filters.stream()
        .flatMap(chain -> chain.steps().stream())
        .anyMatch(step -> step.function().equals("multi_choice_regex"));
  }

  /**
   * @param until stop texts
   * @param maxGenToks most new tokens, 0 if the task does not say
   * @param temperature 0 is greedy
   * @param topP nucleus
   * @param repeats generations a document
   */
  public record Generation(
      List<String> until, int maxGenToks, double temperature, double topP, int repeats)
      implements java.io.Serializable {}

  /**
   * @param name {@code acc}, {@code acc_norm}, {@code exact_match} ...
   * @param aggregation {@code mean}, {@code perplexity}, {@code weighted_perplexity}, {@code
   *     bits_per_byte} ...
   * @param higherIsBetter direction of gates
   * @param options the metric's own keys, such as {@code ignore_case} or {@code regexes_to_ignore}
   */
  public record Metric(
      String name, String aggregation, boolean higherIsBetter, Map<String, Object> options)
      implements java.io.Serializable {}

  /**
   * @param name {@code filter} column of the tables
   * @param steps applied in order
   */
  public record FilterChain(String name, List<FilterStep> steps) implements java.io.Serializable {}

  /**
   * @param function {@code regex}, {@code take_first} ...
   * @param options the step's own keys
   */
  public record FilterStep(String function, Map<String, Object> options)
      implements java.io.Serializable {}
}
