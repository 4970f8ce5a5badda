package io.assay.datasets.task;

import io.assay.datasets.task.TaskSpec.Metric;
import java.util.List;
import java.util.Map;

/** What the harness takes for metrics whose task does not say, and the like for our own. */
final class MetricDefaults {
  /** Aggregation and direction by metric. */
  private record Default(String aggregation, boolean higherIsBetter) {}

  private static final Map<String, Default> DEFAULTS =
      Map.ofEntries(
          Map.entry("acc", new Default("mean", true)),
          Map.entry("acc_norm", new Default("mean", true)),
          Map.entry("acc_bytes", new Default("mean", true)),
          Map.entry("acc_mutual_info", new Default("mean", true)),
          Map.entry("acc_all", new Default("mean", true)),
          Map.entry("exact_match", new Default("mean", true)),
          Map.entry("mc1", new Default("mean", true)),
          Map.entry("mc2", new Default("mean", true)),
          Map.entry("token_f1", new Default("mean", true)),
          Map.entry("pass_at_k", new Default("mean", true)),
          Map.entry("bypass", new Default("bypass", true)),
          Map.entry("likelihood", new Default("mean", true)),
          Map.entry("perplexity", new Default("perplexity", false)),
          Map.entry("word_perplexity", new Default("weighted_perplexity", false)),
          Map.entry("byte_perplexity", new Default("weighted_perplexity", false)),
          Map.entry("bits_per_byte", new Default("bits_per_byte", false)),
          Map.entry("brier_score", new Default("brier_score", false)),
          Map.entry("mcc", new Default("matthews_corrcoef", true)),
          Map.entry("f1", new Default("f1", true)),
          Map.entry("bleu", new Default("bleu", true)),
          Map.entry("chrf", new Default("chrf", true)),
          Map.entry("chrf++", new Default("chrf++", true)),
          Map.entry("ter", new Default("ter", false)));

  private MetricDefaults() {}

  /** The metrics of a task without {@code metric_list}. */
  static List<Metric> of(OutputType type) {
    List<String> names =
        switch (type) {
          case LOGLIKELIHOOD -> List.of("perplexity", "acc");
          case LOGLIKELIHOOD_ROLLING ->
              List.of("word_perplexity", "byte_perplexity", "bits_per_byte");
          case MULTIPLE_CHOICE -> List.of("acc", "acc_norm");
          case GENERATE_UNTIL -> List.of("exact_match");
        };
    return names.stream()
        .map(n -> new Metric(n, aggregation(n), higherIsBetter(n), Map.of()))
        .toList();
  }

  /** Null if the metric has no default. */
  static String aggregation(String metric) {
    Default known = DEFAULTS.get(metric);
    return known == null ? null : known.aggregation;
  }

  /** Null if the metric has no default. */
  static Boolean higherIsBetter(String metric) {
    Default known = DEFAULTS.get(metric);
    return known == null ? null : known.higherIsBetter;
  }
}
