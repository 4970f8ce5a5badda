package io.assay.datasets.task;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.assay.datasets.BadRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Prompts against the samples lm-evaluation-harness 0.4.13 wrote for the same task files. */
class HarnessPromptTest {
  private static final Path GOLDEN =
      Path.of(System.getProperty("assay.root"), "tests", "golden", "lm-eval");

  @ParameterizedTest
  @CsvSource({
    "oracle_mc, default, 27",
    "oracle_mc_few, default, 16",
    "oracle_mc_few_random, default, 16",
    "oracle_ll, default, 31",
    "oracle_ppl, default, 9",
    "oracle_gen, default, 16",
    "oracle_mc_few_random, bos, 16"
  })
  void promptsEqualTheHarnessByteForByte(String name, String expected, int documents)
      throws IOException {
    Map<Integer, JsonNode> samples = new LinkedHashMap<>();
    Path file = GOLDEN.resolve("expected").resolve(expected).resolve("samples_" + name + ".jsonl");
    for (String line : Files.readAllLines(file)) {
      JsonNode sample = new ObjectMapper().readTree(line);
      samples.put(sample.get("doc_id").asInt(), sample);
    }
    Task task = load(name);
    List<BadRecord> failures = new ArrayList<>();
    List<TaskItem> items = task.items(-1, failures::add).toList();

    assertThat(failures).isEmpty();
    assertThat(items).hasSize(documents).hasSize(samples.size());
    for (TaskItem item : items) {
      JsonNode sample = samples.get(item.docIndex());
      List<List<String>> arguments = new ArrayList<>();
      for (JsonNode request : sample.get("arguments")) {
        List<String> texts = new ArrayList<>();
        request.forEach(part -> texts.add(part.isTextual() ? part.asText() : "parameters"));
        arguments.add(texts);
      }
      assertThat(arguments(task.spec(), item)).as("document %s", item.docId()).isEqualTo(arguments);
      assertThat(item.docId()).isEqualTo(sample.get("doc").get("id").asText());
      assertTarget(task.spec(), item, sample.get("target"));
    }
  }

  private static List<List<String>> arguments(TaskSpec spec, TaskItem item) {
    return switch (spec.outputType()) {
      case LOGLIKELIHOOD_ROLLING -> List.of(item.continuations());
      case GENERATE_UNTIL -> List.of(List.of(item.context(), "parameters"));
      case LOGLIKELIHOOD, MULTIPLE_CHOICE ->
          item.continuations().stream().map(c -> List.of(item.context(), c)).toList();
    };
  }

  private static void assertTarget(TaskSpec spec, TaskItem item, JsonNode target) {
    if (spec.outputType() != OutputType.MULTIPLE_CHOICE) {
      assertThat(item.target()).containsExactly(target.asText());
    } else if (target.isInt()) {
      assertThat(item.gold()).containsExactly(target.asInt());
    } else {
      assertThat(item.gold()).extracting(item.choices()::get).containsExactly(target.asText());
    }
  }

  @ParameterizedTest
  @CsvSource({"oracle_gen, first-word", "oracle_gen, last-number"})
  void generationParametersAreTheHarnesss(String name, String filter) {
    TaskSpec spec = load(name).spec();
    assertThat(spec.generation())
        .isEqualTo(new TaskSpec.Generation(List.of("\n", "Q:", " the"), 24, 0.0, 1.0, 1));
    assertThat(spec.filters()).extracting(TaskSpec.FilterChain::name).contains(filter);
    assertThat(spec.version()).isEqualTo("1.0");
    assertThat(spec.metrics())
        .containsExactly(
            new TaskSpec.Metric(
                "exact_match",
                "mean",
                true,
                Map.of(
                    "ignore_case",
                    true,
                    "ignore_punctuation",
                    false,
                    "regexes_to_ignore",
                    List.of(",", "\\$"))));
  }

  private static Task load(String name) {
    return TaskLoader.load(
            new TaskLoader.Selection(
                List.of(GOLDEN.resolve("tasks")), List.of(name), null, null, "harness"))
        .getFirst();
  }
}
