package io.assay.datasets.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.assay.datasets.BadRecord;
import io.assay.datasets.DataErrorCode;
import io.assay.datasets.DataException;
import io.assay.datasets.reader.LocalFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Keys of task files that the harness does not have, or uses otherwise. */
class OwnKeysTest {
  private static final String BASE =
      """
      task: t
      dataset_path: json
      dataset_kwargs:
        data_files: {test: test.jsonl, train: train.jsonl}
      test_split: test
      doc_to_text: "{{q}}"
      doc_to_target: "{{a}}"
      """;

  @TempDir Path folder;

  private final List<BadRecord> failures = new ArrayList<>();

  private void write(String name, String content) throws IOException {
    Files.writeString(folder.resolve(name), content);
  }

  private TaskSuite load(String yaml, String... names) throws IOException {
    write("t.yaml", yaml);
    return TaskLoader.suite(
        new TaskLoader.Selection(
            List.of(folder.resolve("t.yaml")),
            names.length == 0 ? List.of("t") : List.of(names),
            null,
            null,
            "by_id"));
  }

  private List<TaskItem> items(String yaml) throws IOException {
    return load(yaml).tasks().getFirst().items(-1, failures::add).toList();
  }

  @Test
  void transformsWorkInOrderAndBadDocumentsAreNamed() throws IOException {
    write(
        "test.jsonl",
        """
        {"n": 1, "s": "no box"}
        {"n": 2, "s": "\\\\boxed{two}"}
        {"n": 3, "s": "\\\\boxed{three}"}
        {"n": 4, "s": "no box, but left out before"}
        """);
    String yaml =
        BASE
            + """
              transform:
                - {function: filter, where: "{{n < 4}}"}
                - {function: boxed_answer, from: s, to: a}
                - {function: rename, columns: {n: id, s: q}}
              """;
    List<TaskItem> items = items(yaml);
    assertThat(items).extracting(TaskItem::docId).containsExactly("2", "3");
    assertThat(items).extracting(TaskItem::docIndex).containsExactly(1, 2);
    assertThat(items.getFirst().context()).isEqualTo("\\boxed{two}");
    assertThat(items.getFirst().target()).containsExactly("two");
    assertThat(failures)
        .singleElement()
        .satisfies(
            bad -> {
              assertThat(bad.item()).isEqualTo(1);
              assertThat(bad.code()).isEqualTo(DataErrorCode.DOCUMENT_INVALID);
              assertThat(bad.message()).contains("boxed_answer");
            });
  }

  @Test
  void examplesMayHaveTransformsOfTheirOwn() throws IOException {
    write("test.jsonl", "{\"n\":1,\"q\":\"one\",\"a\":\"1\"}\n{\"n\":2,\"q\":\"two\",\"a\":\"2\"}");
    String yaml =
        BASE.replace("train: train.jsonl", "pool: test.jsonl")
            + """
              num_fewshot: 1
              fewshot_split: pool
              fewshot_config:
                sampler: first_n
                transform: [{function: filter, where: "{{n == 2}}"}]
              transform: [{function: filter, where: "{{n == 1}}"}]
              """;
    assertThat(items(yaml))
        .singleElement()
        .satisfies(item -> assertThat(item.context()).isEqualTo("two 2\n\none"));
  }

  @Test
  void examplesMayComeFromATextBesideTheData() throws IOException {
    write("test.jsonl", "{\"q\":\"Which?\",\"a\":\"that\"}\n{\"q\":\"Who?\",\"a\":\"she\"}");
    String yaml =
        BASE.replace("train: train.jsonl", "shown: shown.txt")
            + """
              num_fewshot: 1
              fewshot_config:
                split: shown
                sample_by: document
                sampler: first_n
                transform: [{function: worked_examples, from: text}]
                doc_to_text: "{{input}}"
                doc_to_target: "{{target}}"
              """;
    write("shown.txt", "Shown:\n\nQ: Where?\nA: here\n\nQ: When?\nA: now\n");
    assertThat(items(yaml))
        .extracting(TaskItem::context)
        .containsExactly("Where? here\n\nWhich?", "Where? here\n\nWho?");
    assertThat(failures).isEmpty();

    // One error for the file, not one for every document.
    write("shown.txt", "Shown:\n\nQuestion: Where?\n");
    assertThatThrownBy(() -> items(yaml))
        .isInstanceOfSatisfying(
            DataException.class,
            e -> assertThat(e.code()).isEqualTo(DataErrorCode.DOCUMENT_INVALID))
        .hasMessageContaining("shown.txt:1: no example: transform 'worked_examples' needs examples")
        .hasMessageEndingWith("correct the data");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'transform: [{function: shuffle}]' | t.yaml:8:14: the key 'transform[0].function' is one of boxed_answer, explode, filter, rename, wikitext_articles, worked_examples, found 'shuffle'",
        "'transform: {function: filter}' | t.yaml:8:1: the key 'transform' is a list",
        "'transform: [{function: filter, were: x}]' | t.yaml:8:32: the key 'transform[0].were' is unknown",
        "'transform: [{function: explode}]' | t.yaml:8:13: the key 'transform[0].column' is missing",
        "'transform: [{function: rename, columns: {}}]' | t.yaml:8:32: columns names no column",
        "'transform: [{function: rename, columns: {a: x, b: x}}]' | t.yaml:8:48: the key 'transform[0].columns.b' is a name of its own",
        "doc_to_original: q | t.yaml:8:1: doc_to_original gives the text whose words and bytes count, which needs",
        "'test_split: [test, dev]' | the split 'dev' has no files in data_files",
        "'fewshot_config: {transform: [{function: x}]}' | 'fewshot_config.transform[0].function' is one of",
        "'fewshot_config: {sample_by: page}' | t.yaml:8:18: the key 'fewshot_config.sample_by' is line or document, found 'page'",
        "'transform: [{function: worked_examples, from: t, reasoned: 1}]' | the key 'transform[0].reasoned' is true or false",
        "'task_list: [{tsk: x}]' | t.yaml:8:13: the key 'task_list[0].task' is missing",
        "'task_list: [{task: x}, {task: x}]' | t.yaml:8:25: the task 'x' stands in the list twice",
        "'task_list: [{task: x, num_fewshot: y}]' | t.yaml:8:23: the key 'num_fewshot' is a whole number",
      })
  void errorsAreNamedWithLineAndColumn(String line, String message) throws IOException {
    String yaml = line.startsWith("test_split") ? BASE.replace("test_split: test\n", "") : BASE;
    write("test.jsonl", "");
    assertThatThrownBy(() -> load(yaml + line, "*"))
        .isInstanceOfSatisfying(
            DataException.class, e -> assertThat(e.code()).isEqualTo(DataErrorCode.TASK_INVALID))
        .hasMessageContaining(message);
  }

  @Test
  void aListMakesTasksThatShareTheRestOfTheFile() throws IOException {
    write("x_test.jsonl", "{\"q\":\"of x\",\"a\":\"1\"}");
    write("y_test.jsonl", "{\"q\":\"of y\",\"a\":\"2\"}");
    String yaml =
        BASE.replace("task: t\n", "")
                .replace("{test: test.jsonl", "{test: \"{dataset_name}_test.jsonl\"")
            + """
              task_list:
                - {task: t_x, dataset_name: x, tag: ts}
                - {task: t_y, dataset_name: y, tag: ts, description: "Y! "}
              """;
    TaskSuite suite = load(yaml, "ts");
    assertThat(suite.tasks()).extracting(task -> task.spec().name()).containsExactly("t_x", "t_y");
    assertThat(suite.tasks())
        .extracting(task -> task.items(-1, failures::add).toList().getFirst().context())
        .containsExactly("of x", "Y! of y");
    write("including.yaml", "include: t.yaml\ntask: t_z\ndataset_name: x\n");
    assertThat(
            TaskLoader.load(
                new TaskLoader.Selection(
                    List.of(folder.resolve("including.yaml")), List.of("*"), null, null, "by_id")))
        .singleElement()
        .satisfies(task -> assertThat(task.spec().name()).isEqualTo("t_z"));
  }

  @Test
  void onlyTheSplitsInUseHaveToBeThere() throws IOException {
    write("test.jsonl", "{\"q\":\"x\",\"a\":\"1\"}");
    assertThat(items(BASE + "training_split: train\n")).hasSize(1);
    assertThatThrownBy(() -> load(BASE + "training_split: train\nnum_fewshot: 1\n"))
        .isInstanceOfSatisfying(
            DataException.class, e -> assertThat(e.code()).isEqualTo(DataErrorCode.FILE_NOT_FOUND))
        .hasMessageContaining("t.yaml:4:3: the data file 'train.jsonl' was looked for at");
  }

  @Test
  void theFirstTestSplitThatIsThereIsEvaluated() throws IOException {
    String yaml = BASE.replace("test_split: test", "test_split: [train, test]");
    write("test.jsonl", "{\"q\":\"second\",\"a\":\"1\"}");
    assertThat(items(yaml)).extracting(TaskItem::context).containsExactly("second");
    write("train.jsonl", "{\"q\":\"first\",\"a\":\"1\"}");
    assertThat(items(yaml)).extracting(TaskItem::context).containsExactly("first");
  }

  @Test
  void cellsCanBeTextsAsTheyStand() throws IOException {
    write("d.csv", "q,a\n1.50,None\n,007\n");
    String yaml =
        BASE.replace("dataset_path: json", "dataset_path: csv")
            .replace("{test: test.jsonl, train: train.jsonl}", "{test: d.csv}");
    String texts =
        yaml.replace("{test: d.csv}", "{test: d.csv}\n  dtype: str\n  keep_default_na: false");
    assertThat(items(yaml)).extracting(TaskItem::context).containsExactly("1.5", "None");
    assertThat(items(texts)).extracting(TaskItem::context).containsExactly("1.50", "");
    assertThat(items(texts))
        .extracting(TaskItem::target)
        .containsExactly(List.of("None"), List.of("007"));
    assertThatThrownBy(() -> load(texts.replace("  dtype: str\n", "")))
        .hasMessageContaining("go together");
  }

  @Test
  void theOriginalOfAScoredTextIsKept() throws IOException {
    write("test.jsonl", "{\"page\":\"a @-@ b\"}");
    String yaml =
        BASE.replaceAll("(?m)^doc_to_.*\n", "")
            + "output_type: loglikelihood_rolling\ndoc_to_target: \"{{page.replace(' @-@ ', '-')}}\"\n";
    assertThat(items(yaml).getFirst().target()).containsExactly("a-b");
    TaskItem item = items(yaml + "doc_to_original: page\n").getFirst();
    assertThat(item.continuations()).containsExactly("a-b");
    assertThat(item.target()).containsExactly("a @-@ b");
  }

  @Test
  void theCatalogNamesEveryError() throws IOException {
    write("a.yaml", BASE.replace("task: t", "task: a") + "num_fewshot: x\n");
    write("b.yaml", BASE.replace("task: t", "task: b") + "  bad: [\n");
    write("c.yaml", BASE.replace("task: t", "task: c") + "description: \"{{ x\"\n");
    write("good.yaml", BASE.replace("task: t", "task: good"));
    write("g.yaml", "group: g\ntask: [good, none]\n");
    TaskCatalog catalog = TaskCatalog.of(new LocalFiles(), List.of(folder.toString()), null);
    assertThat(catalog.tasks())
        .singleElement()
        .satisfies(
            task -> {
              assertThat(task.spec().name()).isEqualTo("good");
              assertThat(task.found()).isFalse();
              assertThat(task.file().place("task")).endsWith("good.yaml:1:1");
            });
    assertThat(catalog.errors()).extracting(Throwable::getMessage).hasSize(4);
    assertThat(String.join("\n", catalog.errors().stream().map(Throwable::getMessage).toList()))
        .contains("a.yaml:8:1: ", "b.yaml:8:3: ", "c.yaml:8:1: ", "g.yaml:2:1: ");
  }
}
