package io.assay.eval.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.assay.datasets.task.OutputType;
import io.assay.datasets.task.TaskItem;
import io.assay.datasets.task.TaskSpec;
import io.assay.datasets.task.TaskSpec.FilterChain;
import io.assay.datasets.task.TaskSpec.FilterStep;
import io.assay.datasets.task.TaskSpec.Metric;
import io.assay.eval.TestFiles;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Given the harness's responses, every score of every document, every aggregate and every standard
 * error is the harness's ({@code tests/golden/lm-eval}).
 */
class HarnessMetricsTest {
  /** The harness sums in another order: some units in the last place. */
  private static final double RELATIVE = 1e-12;

  private static final TaskItem NO_CHOICES =
      new TaskItem("0", 0, "", List.of(), List.of(), List.of(), List.of());

  private static final Metric ACC = new Metric("acc", "mean", true, Map.of());

  @ParameterizedTest
  @CsvSource({
    "default, oracle_mc", "default, oracle_mc_few", "default, oracle_mc_few_random",
    "bos, oracle_mc", "bos, oracle_mc_few", "bos, oracle_mc_few_random",
    "short, oracle_mc", "short, oracle_mc_few", "short, oracle_mc_few_random"
  })
  void multipleChoice(String run, String task) {
    TaskSpec spec =
        spec(
            task,
            OutputType.MULTIPLE_CHOICE,
            List.of(
                ACC,
                new Metric("acc_norm", "mean", true, Map.of()),
                new Metric("acc_bytes", "mean", true, Map.of())));
    List<TaskItem> items = new ArrayList<>();
    List<Answer> answers = new ArrayList<>();
    List<JsonNode> samples = samples(run, task);
    for (JsonNode sample : samples) {
      List<String> choices = TestFiles.texts(sample.get("doc").get("choices"));
      JsonNode target = sample.get("target");
      int gold = target.isInt() ? target.intValue() : choices.indexOf(target.asText());
      items.add(item(sample, choices, choices, List.of(gold), List.of()));
      for (int choice = 0; choice < choices.size(); choice++) {
        JsonNode response = sample.get("resps").get(choice).get(0);
        answers.add(
            answer(sample, choice, response.get(0).doubleValue(), response.get(1).booleanValue()));
      }
    }
    verify(run, spec, samples, TaskMetrics.of(spec, items, answers, Set.of()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"default", "bos", "short"})
  void loglikelihood(String run) {
    TaskSpec spec =
        spec(
            "oracle_ll",
            OutputType.LOGLIKELIHOOD,
            List.of(new Metric("perplexity", "perplexity", false, Map.of()), ACC));
    List<TaskItem> items = new ArrayList<>();
    List<Answer> answers = new ArrayList<>();
    List<JsonNode> samples = samples(run, "oracle_ll");
    for (JsonNode sample : samples) {
      String target = sample.get("target").asText();
      items.add(item(sample, List.of(target), List.of(), List.of(), List.of(target)));
      JsonNode response = sample.get("resps").get(0).get(0);
      answers.add(answer(sample, 0, response.get(0).doubleValue(), response.get(1).booleanValue()));
    }
    verify(run, spec, samples, TaskMetrics.of(spec, items, answers, Set.of()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"default", "bos", "short"})
  void rolling(String run) {
    TaskSpec spec =
        spec(
            "oracle_ppl",
            OutputType.LOGLIKELIHOOD_ROLLING,
            List.of(
                new Metric("word_perplexity", null, false, Map.of()),
                new Metric("byte_perplexity", null, false, Map.of()),
                new Metric("bits_per_byte", null, false, Map.of())));
    List<TaskItem> items = new ArrayList<>();
    List<Answer> answers = new ArrayList<>();
    List<JsonNode> samples = samples(run, "oracle_ppl");
    for (JsonNode sample : samples) {
      String text = sample.get("doc").get("text").asText();
      items.add(item(sample, List.of(text), List.of(), List.of(), List.of(text)));
      answers.add(answer(sample, 0, sample.get("resps").get(0).get(0).doubleValue(), false));
    }
    verify(run, spec, samples, TaskMetrics.of(spec, items, answers, Set.of()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"default", "bos"})
  void generation(String run) {
    TaskSpec spec = generationSpec();
    List<TaskItem> items = new ArrayList<>();
    List<Answer> answers = new ArrayList<>();
    List<JsonNode> samples = samples(run, "oracle_gen");
    DocumentScorer scorer = new DocumentScorer(spec);
    for (JsonNode sample : samples) {
      String filter = sample.get("filter").asText();
      String response = sample.get("resps").get(0).get(0).asText();
      assertThat(scorer.filtered(NO_CHOICES, List.of(response)).get(filter))
          .isEqualTo(TestFiles.texts(sample.get("filtered_resps")));
      if (filter.equals("first-word")) {
        items.add(
            item(sample, List.of(), List.of(), List.of(), List.of(sample.get("target").asText())));
        answers.add(new Answer(id(sample), 0, 0, Double.NaN, 24, false, response));
      }
    }
    verify(run, spec, samples, TaskMetrics.of(spec, items, answers, Set.of()));
  }

  private static void verify(
      String run, TaskSpec spec, List<JsonNode> samples, TaskMetrics.Report report) {
    assertThat(report.rejected()).isEmpty();
    int compared = 0;
    for (JsonNode sample : samples) {
      for (SampleScore score : report.scores()) {
        if (score.docId().equals(id(sample))
            && score.filter().equals(sample.get("filter").asText())) {
          JsonNode expected = sample.get(score.metric());
          if (expected.isArray()) {
            assertThat(score.value()).isEqualTo(expected.get(0).doubleValue());
            assertThat(score.weight()).isEqualTo(expected.get(1).doubleValue());
          } else {
            assertThat(score.value()).as("%s %s", id(sample), score).isEqualTo(expected.asDouble());
          }
          compared++;
        }
      }
    }
    assertThat(compared).isEqualTo(samples.size() * spec.metrics().size());
    JsonNode results =
        TestFiles.json("lm-eval/expected/" + run + "/results.json").get("results").get(spec.name());
    assertThat(report.values()).hasSize(spec.metrics().size() * Math.max(1, spec.filters().size()));
    for (MetricValue value : report.values()) {
      String key = value.metric() + "," + value.filter();
      double expected = results.get(key).doubleValue();
      assertThat(value.value()).as(key).isCloseTo(expected, within(RELATIVE * expected));
      assertThat(value.n()).isEqualTo(results.get("sample_len").longValue());
      JsonNode stderr = results.get(value.metric() + "_stderr," + value.filter());
      if (stderr.isNumber()) {
        double error = stderr.doubleValue();
        assertThat(value.stderr()).as(key).isCloseTo(error, within(RELATIVE * error));
      } else {
        // Where the harness says N/A there is a bootstrap over documents. The model is random, and
        // resamples of documents with few, long words have a perplexity beyond the doubles.
        assertThat(value.stderr()).as(key).isPositive();
        if (!value.metric().equals("word_perplexity")) {
          assertThat(value.stderr()).as(key).isFinite().isLessThan(value.value());
        }
      }
    }
  }

  private static List<JsonNode> samples(String run, String task) {
    return TestFiles.lines("lm-eval/expected/" + run + "/samples_" + task + ".jsonl");
  }

  private static String id(JsonNode sample) {
    return sample.get("doc_id").asText();
  }

  private static TaskItem item(
      JsonNode sample,
      List<String> continuations,
      List<String> choices,
      List<Integer> gold,
      List<String> target) {
    int index = sample.get("doc_id").intValue();
    return new TaskItem(id(sample), index, "", continuations, choices, gold, target);
  }

  private static Answer answer(JsonNode sample, int choice, double logprob, boolean greedy) {
    return new Answer(id(sample), choice, 0, logprob, 1, greedy, null);
  }

  private static TaskSpec spec(String name, OutputType type, List<Metric> metrics) {
    return new TaskSpec(name, "1.0", List.of(), type, 0, "first_n", null, metrics, List.of());
  }

  /** {@code tasks/oracle_gen.yaml}. */
  private static TaskSpec generationSpec() {
    FilterStep takeFirst = new FilterStep("take_first", Map.of());
    return new TaskSpec(
        "oracle_gen",
        "1.0",
        List.of(),
        OutputType.GENERATE_UNTIL,
        0,
        "first_n",
        new TaskSpec.Generation(List.of("\n", "Q:", " the"), 24, 0, 1, 1),
        List.of(
            new Metric(
                "exact_match",
                "mean",
                true,
                Map.of(
                    "ignore_case",
                    true,
                    "ignore_punctuation",
                    false,
                    "regexes_to_ignore",
                    List.of(",", "\\$")))),
        List.of(
            new FilterChain(
                "first-word",
                List.of(
                    new FilterStep("regex", Map.of("regex_pattern", "([A-Za-z]{2,})")), takeFirst)),
            new FilterChain(
                "last-number",
                List.of(
                    new FilterStep(
                        "regex",
                        Map.of("group_select", -1, "regex_pattern", "(-?[$0-9.,]{2,})|(-?[0-9]+)")),
                    takeFirst))));
  }
}
