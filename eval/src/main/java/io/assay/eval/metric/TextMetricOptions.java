package io.assay.eval.metric;

import io.assay.datasets.DataErrorCode;
import io.assay.datasets.DataException;
import io.assay.datasets.task.TaskSpec.Metric;
import io.assay.datasets.text.PythonRegex;
import io.assay.eval.translation.Bleu;
import io.assay.eval.translation.BleuTokenizer;
import io.assay.eval.translation.Chrf;
import io.assay.eval.translation.TranslationEditRate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Reads the options of metrics of generated texts.
 *
 * @param task name, for errors
 */
record TextMetricOptions(String task, Metric metric) {
  private static final Set<String> EXACT_MATCH =
      Set.of("regexes_to_ignore", "ignore_case", "ignore_punctuation", "ignore_numbers");

  /**
   * The metrics by the names of their values: {@code pass@1, pass@8} of one {@code pass_at_k}.
   *
   * @throws DataException {@code TASK_INVALID} naming the option
   */
  Map<String, TextMetric> read(MetricKind kind) {
    Map<String, TextMetric> metrics = new LinkedHashMap<>();
    switch (kind) {
      case TOKEN_F1 -> {
        only(Set.of());
        metrics.put(kind.label(), new TokenF1());
      }
      case PASS_AT_K -> {
        only(exactMatchAnd("k"));
        for (int k : drawn()) {
          metrics.put("pass@" + k, new PassAtK(exactMatch(), k));
        }
      }
      case BLEU -> {
        only(Set.of("tokenize"));
        corpus(metrics, kind, new Bleu(tokenizer())::statistics);
      }
      case CHRF, CHRF_PLUS_PLUS -> {
        only(Set.of());
        corpus(metrics, kind, new Chrf(kind == MetricKind.CHRF ? 0 : 2)::statistics);
      }
      case TER -> {
        only(Set.of());
        corpus(metrics, kind, new TranslationEditRate()::statistics);
      }
      default -> {
        boolean latex = flag("latex");
        only(latex ? Set.of("latex") : exactMatchAnd("latex"));
        metrics.put(kind.label(), latex ? new LatexMatch() : exactMatch());
      }
    }
    return metrics;
  }

  private static void corpus(
      Map<String, TextMetric> metrics, MetricKind kind, CorpusMetric.Counts counts) {
    metrics.put(kind.label(), new CorpusMetric(kind.label(), counts));
  }

  private BleuTokenizer tokenizer() {
    Object name = metric.options().getOrDefault("tokenize", "13a");
    return BleuTokenizer.named(name.toString())
        .orElseThrow(
            () ->
                invalid(
                    "option 'tokenize' must be one of %s, found '%s'"
                        .formatted(String.join(", ", BleuTokenizer.labels()), name)));
  }

  private static Set<String> exactMatchAnd(String further) {
    Set<String> known = new TreeSet<>(EXACT_MATCH);
    known.add(further);
    return known;
  }

  private void only(Set<String> known) {
    Set<String> unknown = new TreeSet<>(metric.options().keySet());
    unknown.removeAll(known);
    if (!unknown.isEmpty()) {
      throw invalid("metric '%s' has no option %s; remove it".formatted(metric.name(), unknown));
    }
  }

  /** {@code k}: a number or a list of numbers. */
  private List<Integer> drawn() {
    Object option = metric.options().get("k");
    List<Integer> drawn = new ArrayList<>();
    for (Object one :
        option instanceof List<?> list ? list : List.of(option == null ? 1 : option)) {
      boolean whole = one instanceof Long || one instanceof Integer;
      if (!whole || ((Number) one).longValue() < 1 || ((Number) one).longValue() > 1_000_000) {
        throw invalid("option 'k' must be a positive number or a list of them, found " + option);
      }
      drawn.add(((Number) one).intValue());
    }
    if (drawn.isEmpty()) {
      throw invalid("option 'k' is an empty list; name at least one number");
    }
    return drawn;
  }

  private ExactMatch exactMatch() {
    List<PythonRegex> regexes = new ArrayList<>();
    Object listed = metric.options().get("regexes_to_ignore");
    for (Object pattern : listed instanceof List<?> patterns ? patterns : List.of()) {
      if (!(pattern instanceof String text)) {
        throw notPatterns();
      }
      try {
        regexes.add(PythonRegex.compile(text));
      } catch (DataException e) {
        throw new DataException(e.code(), "task '%s': %s".formatted(task, e.getMessage()), e);
      }
    }
    if (listed != null && !(listed instanceof List<?>)) {
      throw notPatterns();
    }
    return new ExactMatch(
        List.copyOf(regexes),
        flag("ignore_case"),
        flag("ignore_punctuation"),
        flag("ignore_numbers"));
  }

  private DataException notPatterns() {
    return invalid("option 'regexes_to_ignore' must be a list of patterns");
  }

  private boolean flag(String key) {
    Object value = metric.options().get(key);
    return switch (value) {
      case null -> false;
      case Boolean flag -> flag;
      default ->
          throw invalid("option '%s' must be true or false, found '%s'".formatted(key, value));
    };
  }

  private DataException invalid(String what) {
    return new DataException(DataErrorCode.TASK_INVALID, "task '%s': %s".formatted(task, what));
  }
}
