package io.assay.eval.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.assay.datasets.DataException;
import io.assay.datasets.task.OutputType;
import io.assay.datasets.task.TaskItem;
import io.assay.datasets.task.TaskSpec;
import io.assay.datasets.task.TaskSpec.FilterChain;
import io.assay.datasets.task.TaskSpec.FilterStep;
import io.assay.datasets.task.TaskSpec.Metric;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TextMetricsTest {
  private static final FilterChain ALL =
      new FilterChain("all", List.of(new FilterStep("remove_whitespace", Map.of())));

  private static TaskSpec spec(int repeats, Metric metric, FilterChain... filters) {
    return new TaskSpec(
        "t",
        "1",
        List.of(),
        OutputType.GENERATE_UNTIL,
        0,
        "by_id",
        new TaskSpec.Generation(List.of(), 8, 1, 1, repeats),
        List.of(metric),
        List.of(filters));
  }

  private static List<MetricValue> values(
      TaskSpec spec, List<String> targets, String... responses) {
    TaskItem item = new TaskItem("d", 0, "", List.of(), List.of(), List.of(), targets);
    List<Answer> answers = new ArrayList<>();
    for (String response : responses) {
      answers.add(new Answer("d", answers.size(), 0, Double.NaN, 1, false, response));
    }
    TaskMetrics.Report report = TaskMetrics.of(spec, List.of(item), answers, Set.of());
    assertThat(report.rejected()).isEmpty();
    return report.values();
  }

  /** Exact fractions 1 - C(n-c,k) / C(n,k), computed with Python's integers. */
  @ParameterizedTest
  @CsvSource({
    "5, 2, 1, 0.4",
    "5, 2, 3, 0.9",
    "10, 3, 5, 0.9166666666666666",
    "4, 0, 2, 0",
    "4, 3, 2, 1",
    "200, 7, 100, 0.9929911172418123"
  })
  void passAtKIsTheUnbiasedEstimate(int n, int c, int k, double expected) {
    assertThat(PassAtK.estimate(n, c, k)).isCloseTo(expected, within(1e-14));
  }

  @Test
  void answersInLatexAreCompared() {
    Metric latex = new Metric("exact_match", "mean", true, Map.of("latex", true));
    Metric plain = new Metric("exact_match", "mean", true, Map.of("latex", false));
    List<String> target = List.of("\\frac{1}{2}");
    assertThat(values(spec(1, latex), target, "\\dfrac12").getFirst().value()).isEqualTo(1);
    assertThat(values(spec(1, latex), target, "\\dfrac13").getFirst().value()).isZero();
    assertThat(values(spec(1, plain), target, "\\dfrac12").getFirst().value()).isZero();
    Metric both =
        new Metric("exact_match", "mean", true, Map.of("latex", true, "ignore_case", true));
    assertThatThrownBy(() -> TaskMetrics.check(spec(1, both)))
        .hasMessageContaining("has no option [ignore_case]");
  }

  @Test
  void textsMayBeKeptWithoutAMetric() {
    TaskSpec kept =
        spec(1, new Metric("exact_match", "mean", true, Map.of())).withMetrics(List.of());
    assertThat(values(kept, List.of("x"), "y")).isEmpty();
    TaskSpec choices =
        new TaskSpec(
            "t",
            "1",
            List.of(),
            OutputType.MULTIPLE_CHOICE,
            0,
            "by_id",
            null,
            List.of(),
            List.of());
    assertThatThrownBy(() -> TaskMetrics.check(choices))
        .hasMessageContaining("metric_list is empty; name at least one metric");
  }

  @Test
  void passAtKCountsResponsesThatEqualATarget() {
    Metric metric =
        new Metric("pass_at_k", "mean", true, Map.of("k", List.of(1L, 3L), "ignore_case", true));
    List<MetricValue> values =
        values(spec(5, metric, ALL), List.of("Yes", "Y"), "yes ", "no", " Y", "maybe", "yess");
    assertThat(values).extracting(MetricValue::metric).containsExactly("pass@1", "pass@3");
    assertThat(values.get(0).value()).isCloseTo(0.4, within(1e-15));
    assertThat(values.get(1).value()).isCloseTo(0.9, within(1e-15));
  }

  @Test
  void passAtKNeedsThatManyResponses() {
    Metric metric = new Metric("pass_at_k", "mean", true, Map.of("k", 3L));
    assertThatThrownBy(() -> TaskMetrics.check(spec(2, metric, ALL)))
        .isInstanceOf(DataException.class)
        .hasMessageContaining(
            "'pass@3' needs 3 responses to a document, the filter 'all' leaves 2");
    // Without filter_list the harness takes the first response.
    assertThatThrownBy(() -> TaskMetrics.check(spec(9, metric)))
        .hasMessageContaining("the filter 'none' leaves 1");
    Metric zero = new Metric("pass_at_k", "mean", true, Map.of("k", 0L));
    assertThatThrownBy(() -> TaskMetrics.check(spec(9, zero, ALL)))
        .hasMessageContaining("option 'k'");
  }

  /** By hand: one edit to the closer reference, over the mean length of both. */
  @Test
  void corpusMetricsAreOfAllTextsTogether() {
    Metric ter = new Metric("ter", "ter", false, Map.of());
    assertThat(values(spec(1, ter), List.of("x y z w", "a b c"), "a q c").getFirst().value())
        .isCloseTo(100 / 3.5, within(1e-12));
    Metric bleu = new Metric("bleu", "bleu", true, Map.of("tokenize", "zh"));
    assertThat(values(spec(1, bleu), List.of("今天去北京"), "今天去北京").getFirst().value())
        .isCloseTo(100, within(1e-10));
    Metric unknown = new Metric("bleu", "bleu", true, Map.of("tokenize", "ja-mecab"));
    assertThatThrownBy(() -> TaskMetrics.check(spec(1, unknown)))
        .hasMessageContaining("must be one of none, 13a, zh, char, intl, found 'ja-mecab'");
    assertThatThrownBy(() -> TaskMetrics.check(spec(2, ter, ALL)))
        .hasMessageContaining("needs one response to a document, the filter 'all' leaves 2");
  }

  @Test
  void aTaskMayCollectAnswersOnly() {
    Metric bypass = new Metric("bypass", "bypass", true, Map.of());
    assertThat(values(spec(1, bypass), List.of("x"), "y")).isEmpty();
  }

  /** By hand: words in common over words given and words wanted. */
  @ParameterizedTest
  @CsvSource({
    "The cat sat., a cat, 0.6666666666666666", // 1 of 2, 1 of 1
    "Denver Broncos, 'Denver, Broncos!', 1",
    "x x y, x y y, 0.6666666666666666", // 2 of 3, 2 of 3
    "no, yes, 0",
    "the, an, 1", // nothing is left of either
    "the, cat, 0"
  })
  void tokenF1IsSquads(String response, String target, double expected) {
    Metric metric = new Metric("token_f1", "mean", true, Map.of());
    assertThat(values(spec(1, metric), List.of("zzz", target), response).getFirst().value())
        .isCloseTo(expected, within(1e-15));
  }
}
