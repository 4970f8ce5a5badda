package io.assay.eval.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.groups.Tuple.tuple;

import io.assay.datasets.DataErrorCode;
import io.assay.datasets.DataException;
import io.assay.datasets.task.OutputType;
import io.assay.datasets.task.TaskItem;
import io.assay.datasets.task.TaskSpec;
import io.assay.datasets.task.TaskSpec.FilterChain;
import io.assay.datasets.task.TaskSpec.FilterStep;
import io.assay.datasets.task.TaskSpec.Metric;
import io.assay.eval.request.RejectedRequest;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TaskMetricsTest {
  private static final TaskItem NO_CHOICES =
      new TaskItem("0", 0, "", List.of(), List.of(), List.of(), List.of());

  @ParameterizedTest
  @CsvSource({
    "MULTIPLE_CHOICE, f1, mean, 'f1' cannot be aggregated by 'mean'",
    "LOGLIKELIHOOD, acc_norm, mean, metric 'acc_norm' is not computed for loglikelihood",
    "LOGLIKELIHOOD_ROLLING, word_perplexity, mean, 'word_perplexity' cannot be aggregated by 'mean'",
    "GENERATE_UNTIL, exact_match, bleu, 'exact_match' cannot be aggregated by 'bleu'",
    "GENERATE_UNTIL, exact_match, rouge, aggregation 'rouge' is not computed",
    "GENERATE_UNTIL, rouge, rouge, metric 'rouge' is not computed for generate_until",
    "MULTIPLE_CHOICE, likelihood, mean, metric 'likelihood' is not computed for multiple_choice"
  })
  void refusesUnknownMetricsByName(OutputType type, String metric, String how, String message) {
    TaskSpec spec = spec(type, new Metric(metric, how, true, Map.of()), List.of());
    assertThatThrownBy(() -> TaskMetrics.check(spec))
        .isInstanceOfSatisfying(
            DataException.class, e -> assertThat(e.code()).isEqualTo(DataErrorCode.TASK_INVALID))
        .hasMessageContaining("task 't'")
        .hasMessageContaining(message);
  }

  @Test
  void refusesUnknownFiltersAndOptionsByName() {
    FilterChain custom = new FilterChain("mine", List.of(new FilterStep("custom", Map.of())));
    assertThatThrownBy(() -> TaskMetrics.check(generation(Map.of(), List.of(custom))))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("filter 'mine', function 'custom'");
    assertThatThrownBy(() -> TaskMetrics.check(generation(Map.of("ignore_cases", true), List.of())))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("ignore_cases");
    assertThatThrownBy(
            () ->
                TaskMetrics.check(generation(Map.of("regexes_to_ignore", List.of("(")), List.of())))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("task 't'")
        .hasMessageContaining("'('");
    FilterChain lower = new FilterChain("low", List.of(new FilterStep("lowercase", Map.of())));
    TaskSpec choices =
        spec(OutputType.MULTIPLE_CHOICE, new Metric("acc", null, true, Map.of()), List.of(lower));
    assertThatThrownBy(() -> TaskMetrics.check(choices))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("'lowercase'");
  }

  /** Expected values from lm_eval 0.4.13, {@code exact_match_hf_evaluate}. */
  @Test
  void exactMatchSimplifiesBothSides() {
    Map<String, Object> all =
        Map.of(
            "regexes_to_ignore",
            List.of(",", "\\.$"),
            "ignore_case",
            true,
            "ignore_punctuation",
            true,
            "ignore_numbers",
            true);
    assertThat(match(all, "The-Answer, 42.", "the answer")).isZero();
    assertThat(match(all, "The-Answer42.", "theanswer")).isEqualTo(1);
    assertThat(match(Map.of("regexes_to_ignore", List.of(",", "\\.$")), "1,234.", "1234"))
        .isEqualTo(1);
    assertThat(match(Map.of("ignore_case", true), "ÉTÉ", "été")).isEqualTo(1);
    assertThat(match(Map.of(), "ÉTÉ", "été")).isZero();
    assertThat(match(Map.of("ignore_punctuation", true), "a«b", "ab")).isZero();
    assertThat(match(Map.of(), "x", "y", "x")).isEqualTo(1);
    assertThat(match(Map.of(), "x\0\0", "x")).isEqualTo(1);
    assertThat(match(Map.of(), "\0x", "x")).isZero();
  }

  @Test
  void documentsThatCannotBeJudgedAreNamedAndLeftOut() {
    TaskSpec spec =
        spec(OutputType.MULTIPLE_CHOICE, new Metric("acc", "mean", true, Map.of()), List.of());
    List<TaskItem> items = new ArrayList<>();
    List<Answer> answers = new ArrayList<>();
    for (String id : List.of("good", "half", "mixed", "nan", "failed", "twin", "twin")) {
      items.add(
          new TaskItem(
              id, items.size(), "", List.of("a", "b"), List.of("a", "b"), List.of(1), List.of()));
      answers.add(new Answer(id, 0, 0, -2, 1, false, null));
      if (!id.equals("half")) {
        answers.add(new Answer(id, 1, 0, id.equals("nan") ? Double.NaN : -1, 1, false, null));
      }
    }
    answers.add(new Answer("mixed", 1, 0, -7, 1, false, null));
    // A retried request may be answered twice, with the same answer.
    answers.add(answers.getFirst());
    TaskMetrics.Report report = TaskMetrics.of(spec, items, answers, Set.of("failed"));
    assertThat(report.rejected())
        .extracting(RejectedRequest::item, RejectedRequest::code)
        .containsExactly(
            tuple("half", "ANSWER_MISSING"),
            tuple("mixed", "ANSWER_INVALID"),
            tuple("nan", "ANSWER_INVALID"),
            tuple("twin", "DUPLICATE_DOCUMENT"),
            tuple("twin", "DUPLICATE_DOCUMENT"));
    assertThat(report.values())
        .containsExactly(new MetricValue("t", "none", "acc", 1, Double.NaN, 1));
  }

  @Test
  void windowsAreAddedUpAndAMissingOneIsSeen() {
    TaskSpec spec =
        spec(
            OutputType.LOGLIKELIHOOD_ROLLING,
            new Metric("byte_perplexity", "weighted_perplexity", false, Map.of()),
            List.of());
    // Bytes are those of the original text, not of the one that is scored.
    TaskItem item =
        new TaskItem("d", 0, "", List.of("scored"), List.of(), List.of(), List.of("four"));
    TaskItem empty = new TaskItem("e", 1, "", List.of(""), List.of(), List.of(), List.of(""));
    Answer first = new Answer("d", 0, 0, -3 * Math.log(2), 2, false, null);
    Answer second = new Answer("d", 0, 1, -5 * Math.log(2), 2, false, null);
    TaskMetrics.Report report =
        TaskMetrics.of(spec, List.of(item, empty), List.of(second, first), Set.of());
    assertThat(report.rejected()).isEmpty();
    assertThat(report.values().getFirst().value()).isEqualTo(4);
    assertThat(TaskMetrics.of(spec, List.of(item), List.of(second), Set.of()).rejected())
        .extracting(RejectedRequest::code)
        .containsExactly("ANSWER_MISSING");
  }

  @Test
  void aRunawayPatternRejectsItsDocumentOnly() {
    FilterChain runaway =
        new FilterChain(
            "slow", List.of(new FilterStep("regex", Map.of("regex_pattern", "(x+x+)+y"))));
    TaskSpec spec = generation(Map.of(), List.of(runaway));
    List<TaskItem> items = new ArrayList<>();
    List<Answer> answers = new ArrayList<>();
    for (String text : List.of("xxy", "x".repeat(1000))) {
      String id = Integer.toString(items.size());
      items.add(new TaskItem(id, items.size(), "", List.of(), List.of(), List.of(), List.of("xx")));
      answers.add(new Answer(id, 0, 0, Double.NaN, 1, false, text));
    }
    TaskMetrics.Report report = TaskMetrics.of(spec, items, answers, Set.of());
    assertThat(report.rejected())
        .extracting(RejectedRequest::item, RejectedRequest::code)
        .containsExactly(tuple("1", "REGEX_LIMIT"));
    assertThat(report.values().getFirst().value()).isEqualTo(1);
  }

  @Test
  void aScorerCanBeSentToExecutors() throws Exception {
    FilterChain chain = new FilterChain("r", List.of(new FilterStep("regex", Map.of())));
    DocumentScorer scorer = new DocumentScorer(generation(Map.of(), List.of(chain)));
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(scorer);
    }
    try (ObjectInputStream in =
        new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      DocumentScorer copy = (DocumentScorer) in.readObject();
      assertThat(copy.filtered(NO_CHOICES, List.of("so #### 12")))
          .isEqualTo(Map.of("r", List.of("12")));
    }
  }

  @Property(tries = 30)
  void theOrderOfDocumentsAndAnswersDoesNotMatter(@ForAll long seed) {
    TaskSpec spec =
        spec(
            OutputType.LOGLIKELIHOOD,
            new Metric("perplexity", "perplexity", false, Map.of()),
            List.of());
    Random random = new Random(seed);
    List<TaskItem> items = new ArrayList<>();
    List<Answer> answers = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      String id = "d" + i;
      items.add(new TaskItem(id, i, "c", List.of("x"), List.of(), List.of(), List.of("x")));
      answers.add(new Answer(id, 0, 0, -10 * random.nextDouble(), 1, false, null));
    }
    List<MetricValue> expected = TaskMetrics.of(spec, items, answers, Set.of()).values();
    Collections.shuffle(items, random);
    Collections.shuffle(answers, random);
    assertThat(TaskMetrics.of(spec, items, answers, Set.of()).values()).isEqualTo(expected);
  }

  private static double match(Map<String, Object> options, String response, String... targets) {
    TaskItem item = new TaskItem("d", 0, "", List.of(), List.of(), List.of(), List.of(targets));
    Answer answer = new Answer("d", 0, 0, Double.NaN, 1, false, response);
    return TaskMetrics.of(generation(options, List.of()), List.of(item), List.of(answer), Set.of())
        .values()
        .getFirst()
        .value();
  }

  private static TaskSpec generation(Map<String, Object> options, List<FilterChain> filters) {
    return spec(
        OutputType.GENERATE_UNTIL, new Metric("exact_match", "mean", true, options), filters);
  }

  private static TaskSpec spec(OutputType type, Metric metric, List<FilterChain> filters) {
    return new TaskSpec(
        "t",
        "1",
        List.of(),
        type,
        0,
        "first_n",
        type == OutputType.GENERATE_UNTIL ? new TaskSpec.Generation(List.of(), 8, 0, 1, 1) : null,
        List.of(metric),
        filters);
  }
}
