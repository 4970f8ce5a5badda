package io.assay.tests.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.assay.tests.plan.SmallRun;
import io.assay.tests.plan.SmallRun.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code assay tasks}. */
@ResourceLock(Resources.SYSTEM_OUT)
@ResourceLock(Resources.SYSTEM_ERR)
class TasksCommandTest {
  private static final Path ROOT = Path.of(System.getProperty("assay.root"));
  private static final Path ITEMS =
      ROOT.resolve("datasets/src/test/resources/io/assay/datasets/task/bundled/items");

  @TempDir private Path folder;

  @Test
  void everyTaskThatAssayBringsAlongPasses() {
    Result result = tasks(ROOT.resolve("datasets/tasks").toString(), "--data", ITEMS.toString());
    assertThat(result.err()).isEmpty();
    assertThat(result.exit()).isZero();
    assertThat(result.out())
        .containsPattern("gsm8k +3\\.0 +generate_until +5 +exact_match +found +gsm8k/test.jsonl")
        .containsPattern("mbpp +1\\.0 +generate_until +3 +none, texts are kept +missing")
        .containsPattern("mmlu +2 +57 +2 +acc")
        .doesNotContain("mmlu_anatomy");
  }

  @Test
  void dataWithoutExamplesIsSeen() throws IOException {
    Files.createDirectories(folder.resolve("gsm8k"));
    Files.copy(ITEMS.resolve("gsm8k/test.jsonl"), folder.resolve("gsm8k/test.jsonl"));
    Result result =
        tasks(ROOT.resolve("datasets/tasks/gsm8k").toString(), "--data", folder.toString());
    assertThat(result.out()).containsPattern("exact_match +no examples +gsm8k/test.jsonl");
  }

  @Test
  void jsonHoldsEverything() throws IOException {
    JsonNode report = tasks(ROOT.resolve("datasets/quickstart/tasks").toString(), "--json").json();
    assertThat(report.get("errors")).isEmpty();
    assertThat(report.get("tasks")).hasSize(10);
    JsonNode first = report.get("tasks").get(0);
    assertThat(first.get("task").asText()).isEqualTo("qs_addition");
    assertThat(first.get("output_type").asText()).isEqualTo("generate_until");
    assertThat(first.get("num_fewshot").asInt()).isEqualTo(4);
    assertThat(first.get("found").asBoolean()).isTrue();
    assertThat(first.get("examples_found").asBoolean()).isTrue();
    assertThat(first.get("place").asText()).endsWith("addition.yaml:2:1");
  }

  @Test
  void tasksAndDataMayBeAddresses() throws IOException {
    Path tasks = ROOT.resolve("datasets/tasks/gsm8k");
    Result result = tasks(tasks.toUri().toString(), "--data", ITEMS.toUri().toString());
    assertThat(result.err()).isEmpty();
    assertThat(result.out())
        .containsPattern("gsm8k +3\\.0 +generate_until +5 +exact_match +found +gsm8k/test.jsonl");
    Result missing = tasks(folder.resolve("nowhere").toUri().toString());
    assertThat(missing.exit()).isEqualTo(2);
    assertThat(missing.err()).startsWith("assay: FILE_NOT_FOUND: the task file or folder file:/");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "num_fewshot: many | TASK_INVALID | t.yaml:7:1: the key 'num_fewshot' is a whole number",
        "'metric_list: [{metric: exact_match}, {metric: exact_match}]' | TASK_INVALID | t.yaml:7:1: the metric",
        "'metric_list: [{metric: exact_match, colour: red}]' | TASK_INVALID | t.yaml:7:15: task 't': metric 'exact_match' has no option [colour]",
        "'filter_list: [{name: a, filter: [{function: take_first}]}, {name: b, filter: [{function: twist}]}]' | TASK_INVALID | t.yaml:7:60: task 't': ",
        "'description: \"{{ x\"' | TEMPLATE_INVALID | t.yaml:7:1: description: the template cannot be read",
        "'process_results: !function m.f' | TASK_NEEDS_CODE | t.yaml:7:18: 'process_results' needs Python code",
        "'x: [' | TASK_INVALID | t.yaml:8:1: this is not YAML",
      })
  void errorsHaveTheirPlace(String line, String code, String message) throws IOException {
    Path file = folder.resolve("t.yaml");
    Files.writeString(
        file,
        """
        task: t
        dataset_path: json
        dataset_kwargs: {data_files: {test: t.jsonl}}
        test_split: test
        doc_to_text: q
        doc_to_target: a
        """
            + line
            + "\n");
    Result result = tasks(file.toString());
    assertThat(result.exit()).isEqualTo(2);
    assertThat(result.err()).startsWith("assay: " + code + ": " + folder).contains(message);
    assertThat(result.err().strip().lines()).hasSize(1);
  }

  private static Result tasks(String... arguments) {
    String[] line = new String[arguments.length + 1];
    line[0] = "tasks";
    System.arraycopy(arguments, 0, line, 1, arguments.length);
    return SmallRun.assay(line);
  }
}
