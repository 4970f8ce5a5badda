package io.assay.datasets.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.assay.datasets.BadRecord;
import io.assay.datasets.DataErrorCode;
import io.assay.datasets.DataException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TaskLoaderTest {
  private static final String BASE =
      """
      task: t
      dataset_path: json
      dataset_kwargs:
        data_files: {test: test.jsonl, train: train.jsonl}
      test_split: test
      """;

  private static final String CHOICE =
      BASE
          + """
            output_type: multiple_choice
            doc_to_text: "{{q}}"
            doc_to_choice: [A, B, C]
            doc_to_target: a
            """;

  @TempDir Path folder;

  private final List<BadRecord> failures = new ArrayList<>();

  private void write(String name, String content) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, content);
  }

  private void data(String test, String train) throws IOException {
    write("test.jsonl", test);
    write("train.jsonl", train);
  }

  private Task load(String yaml) throws IOException {
    return load(yaml, null, "by_id");
  }

  private Task load(String yaml, Integer numFewshot, String fewshot) throws IOException {
    write("t.yaml", yaml);
    return TaskLoader.load(
            new TaskLoader.Selection(
                List.of(folder.resolve("t.yaml")), List.of("t"), null, numFewshot, fewshot))
        .getFirst();
  }

  private List<TaskItem> items(String yaml) throws IOException {
    return load(yaml).items(-1, failures::add).toList();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "doc_to_txt: x          | TASK_INVALID    | t.yaml:10:1: the key 'doc_to_txt' is unknown",
        "process_docs: !function utils.f | TASK_NEEDS_CODE | t.yaml:10:15: 'process_docs' needs Python code (!function utils.f)",
        "process_docs: f        | TASK_NEEDS_CODE | t.yaml:10:1: the key 'process_docs' is refused",
        "group: g               | TASK_INVALID    | the key 'group' is refused",
        "num_fewshot: three     | TASK_INVALID    | t.yaml:10:1: the key 'num_fewshot' is a whole number",
        "num_fewshot: -1        | TASK_INVALID    | 'num_fewshot' is a whole number from 0 on, found '-1'",
        "metric_list: acc       | TASK_INVALID    | 'metric_list' is a list, found 'acc'",
        "'metric_list: [{metric: mine}]' | TASK_INVALID | the metric 'mine' has no default",
        "'metric_list: [{metric: acc, aggregation: !function m.f}]' | TASK_NEEDS_CODE | 'metric_list[0].aggregation' needs Python code",
        "'fewshot_config: {sampler: balanced}' | TASK_INVALID | 'fewshot_config.sampler' is default or first_n",
        "'fewshot_config: {samplr: first_n}' | TASK_INVALID | the key 'fewshot_config.samplr' is unknown",
        "'description: \"{{ x\"' | TEMPLATE_INVALID | t.yaml:10:1: description: the template cannot be read",
        "'generation_kwargs: {untill: x}' | SAME | ok",
        "fewshot_split: dev     | TASK_INVALID    | the split 'dev' has no files in data_files; there are [test, train]",
        "include: missing.yaml  | FILE_NOT_FOUND  | t.yaml:10:1: the included file",
        "include: t.yaml        | TASK_INVALID    | the includes go round in a circle",
        "include: /etc/hosts    | TASK_INVALID    | include takes YAML files by a path relative",
        "'a: [b'                | TASK_INVALID    | t.yaml:1",
        "task: u                | TASK_INVALID    | t.yaml:10:1: the key 'task' stands twice",
      })
  void badTaskFilesNameFileLineAndKey(String line, String code, String message) throws IOException {
    data("{\"q\":\"x\",\"a\":0}", "{\"q\":\"x\",\"a\":0}");
    if (code.equals("SAME")) {
      // generation_kwargs mean nothing for a task that does not generate.
      assertThat(load(CHOICE + line).spec().generation()).isNull();
      return;
    }
    assertThatThrownBy(() -> load(CHOICE + line))
        .isInstanceOfSatisfying(
            DataException.class, e -> assertThat(e.code()).isEqualTo(DataErrorCode.valueOf(code)))
        .hasMessageContaining(message);
  }

  @Test
  void generationKeysAreChecked() throws IOException {
    data("{\"q\":\"x\",\"a\":0}", "");
    String yaml = BASE + "doc_to_text: q\ndoc_to_target: a\n";
    assertThat(load(yaml).spec().generation())
        .isEqualTo(new TaskSpec.Generation(List.of("\n\n"), 256, 0.0, 1.0, 1));
    assertThat(
            load(yaml
                    + "repeats: 3\ngeneration_kwargs: {do_sample: true, temperature: 0.7, top_p: 0.9}")
                .spec()
                .generation())
        .isEqualTo(new TaskSpec.Generation(List.of("\n\n"), 0, 0.7, 0.9, 3));
    assertThat(
            load(yaml + "generation_kwargs: {until: X, do_sample: false, temperature: 0.7}")
                .spec()
                .generation())
        .isEqualTo(new TaskSpec.Generation(List.of("X"), 0, 0.0, 1.0, 1));
    assertThatThrownBy(() -> load(yaml + "generation_kwargs:\n  untill: X"))
        .hasMessageContaining(
            "t.yaml:9:3: the key 'generation_kwargs.untill' is unknown; known here");
    assertThatThrownBy(() -> load(yaml + "generation_kwargs: {num_beams: 4}"))
        .hasMessageContaining("beam search is not supported");
  }

  @Test
  void yamlBombsAreRefused() throws IOException {
    StringBuilder bomb = new StringBuilder("a0: &a0 [x,x,x,x,x,x,x,x,x]\n");
    for (int i = 1; i < 12; i++) {
      bomb.append("a%d: &a%d [%s]\n".formatted(i, i, ("*a" + (i - 1) + ",").repeat(9)));
    }
    assertThatThrownBy(() -> load(bomb.toString()))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("aliases");
    assertThatThrownBy(() -> load("a: " + "[".repeat(3000) + "]".repeat(3000)))
        .isInstanceOf(DataException.class);
    assertThatThrownBy(() -> load("a: &a [*a]")).isInstanceOf(DataException.class);
    assertThatThrownBy(() -> load("!!javax.script.ScriptEngineManager [x]"))
        .isInstanceOf(DataException.class);
    assertThatThrownBy(() -> load("task: !!java.io.File [x]")).isInstanceOf(DataException.class);
  }

  @Test
  void aMissingDataFileNamesAllPlaces() {
    assertThatThrownBy(() -> load(CHOICE))
        .isInstanceOfSatisfying(
            DataException.class, e -> assertThat(e.code()).isEqualTo(DataErrorCode.FILE_NOT_FOUND))
        .hasMessageContaining(folder.resolve("test.jsonl").toString())
        .hasMessageContaining(folder.getParent().resolve("test.jsonl").toString())
        .hasMessageContaining("tasks.data is not set");
  }

  @Test
  void dataIsLookedForUnderTheRootThenTheFolderThenItsParent() throws IOException {
    write("sub/t.yaml", CHOICE);
    data("{\"q\":\"parent\",\"a\":0}", "");
    TaskLoader.Selection plain =
        new TaskLoader.Selection(List.of(folder.resolve("sub")), List.of("*"), null, null, "by_id");
    assertThat(
            TaskLoader.load(plain)
                .getFirst()
                .items(-1, failures::add)
                .toList()
                .getFirst()
                .context())
        .isEqualTo("parent");
    write("sub/test.jsonl", "{\"q\":\"folder\",\"a\":0}");
    assertThat(
            TaskLoader.load(plain)
                .getFirst()
                .items(-1, failures::add)
                .toList()
                .getFirst()
                .context())
        .isEqualTo("folder");
    write("root/test.jsonl", "{\"q\":\"root\",\"a\":0}");
    TaskLoader.Selection rooted =
        new TaskLoader.Selection(
            List.of(folder.resolve("sub")), List.of("t"), folder.resolve("root"), null, "by_id");
    assertThat(
            TaskLoader.load(rooted)
                .getFirst()
                .items(-1, failures::add)
                .toList()
                .getFirst()
                .context())
        .isEqualTo("root");
  }

  @Test
  void selectionByNameTagAndGlob() throws IOException {
    data("{\"q\":\"x\",\"a\":0}", "");
    write("x.yaml", CHOICE.replace("task: t", "task: x_one\ntag: [both, first]"));
    write("y.yaml", "include: _base\ntask: x_two\ntag: both\n".replace("_base", "_base.yaml"));
    write("_base.yaml", CHOICE.replace("task: t\n", ""));
    assertThat(names("x_one")).containsExactly("x_one");
    assertThat(names("both")).containsExactly("x_one", "x_two");
    assertThat(names("*two", "first")).containsExactly("x_one", "x_two");
    assertThatThrownBy(() -> names("none"))
        .hasMessageContaining("no task, group or tag matches 'none'")
        .hasMessageContaining("x_one, x_two");
    write("z.yaml", CHOICE.replace("task: t", "task: x_one"));
    assertThatThrownBy(() -> names("*")).hasMessageContaining("stands in two files");
  }

  private List<String> names(String... names) {
    return TaskLoader.load(
            new TaskLoader.Selection(List.of(folder), List.of(names), null, null, "by_id"))
        .stream()
        .map(t -> t.spec().name())
        .toList();
  }

  @Test
  void includedKeysAreOverridden() throws IOException {
    data("{\"q\":\"x\",\"a\":0}", "{\"q\":\"y\",\"a\":2}");
    write(
        "base/_base.yaml", "target_delimiter: \" -> \"\nnum_fewshot: 5\nmetadata: {version: 2}\n");
    Task task = load(CHOICE + "include: base/_base.yaml\nnum_fewshot: 1\nfewshot_split: train\n");
    assertThat(task.spec().numFewshot()).isEqualTo(1);
    assertThat(task.spec().version()).isEqualTo("2");
    assertThat(task.items(-1, failures::add).toList().getFirst().context())
        .isEqualTo("y -> C\n\nx");
  }

  @Test
  void goldIsAnIndexATextSeveralOrNone() throws IOException {
    data(
        """
        {"q":"q1","a":2}
        {"q":"q2","a":true}
        {"q":"q3","a":9}
        {"q":"q4","a":-1}
        """,
        "");
    assertThat(items(CHOICE))
        .extracting(TaskItem::gold)
        .containsExactly(List.of(2), List.of(1), List.of(), List.of());
    data("{\"q\":\"q1\",\"a\":\"B\"}\n{\"q\":\"q2\",\"a\":\"Z\"}", "");
    assertThat(items(CHOICE)).extracting(TaskItem::gold).containsExactly(List.of(1), List.of());
    assertThat(items(CHOICE.replace("doc_to_target: a", "doc_to_target: \"[0, 2]\"")))
        .extracting(TaskItem::gold)
        .containsExactly(List.of(0, 2), List.of(0, 2));
    data("{\"q\":\"q1\",\"a\":\"1\"}", "");
    // The column holds the text "1", the template prints an index: as in the harness.
    assertThat(items(CHOICE).getFirst().gold()).isEmpty();
    assertThat(
            items(CHOICE.replace("doc_to_target: a", "doc_to_target: \"{{a}}\"")).getFirst().gold())
        .containsExactly(1);
  }

  @Test
  void choicesFromColumnTemplateOrList() throws IOException {
    data("{\"q\":\"q1\",\"a\":0,\"c\":[\"it's\",\"b\"]}\n{\"q\":\"q2\",\"a\":0,\"c\":null}", "");
    assertThat(items(CHOICE.replace("[A, B, C]", "c")).getFirst().choices())
        .containsExactly("it's", "b");
    assertThat(failures).hasSize(1);
    assertThat(failures.getFirst().item()).isEqualTo(2);
    assertThat(failures.getFirst().message()).contains("doc_to_choice gives no list of choices");
    assertThat(items(CHOICE.replace("[A, B, C]", "\"{{c}}\"")).getFirst().continuations())
        .containsExactly(" it's", " b");
  }

  @Test
  void badAndUnrenderableDocumentsBecomeFailuresAndKeepTheirPlace() throws IOException {
    data("{\"q\":\"q1\",\"a\":0}\nnot json\n{\"a\":0}\n{\"q\":\"q4\",\"a\":0}\n", "");
    List<TaskItem> items = items(CHOICE.replace("\"{{q}}\"", "\"{{ q + '' }}\""));
    assertThat(items).extracting(TaskItem::docIndex).containsExactly(0, 3);
    assertThat(items).extracting(TaskItem::docId).containsExactly("0", "3");
    assertThat(failures).extracting(BadRecord::item).containsExactly(2L, 3L);
    assertThat(failures.get(1).code()).isEqualTo(DataErrorCode.TEMPLATE_INVALID);
    failures.clear();
    assertThat(load(CHOICE).items(2, failures::add)).hasSize(1);
    assertThat(failures).hasSize(1);
    assertThat(load(CHOICE).items(0, failures::add)).isEmpty();
  }

  @Test
  void documentIdsAreUnique() throws IOException {
    data(
        """
        {"id":"x","q":"q1","a":0}
        {"id":"x","q":"q2","a":0}
        {"id":null,"q":"q3","a":0}
        {"id":"2","q":"q4","a":0}
        """,
        "");
    assertThat(items(CHOICE)).extracting(TaskItem::docId).containsExactly("x", "x#1", "2", "2#3");
  }

  @Test
  void aMistypedColumnIsAnErrorAndNotText() throws IOException {
    data("{\"q\":\"q1\",\"a\":0}", "");
    assertThatThrownBy(() -> items(CHOICE.replace("doc_to_target: a", "doc_to_target: lable")))
        .isInstanceOfSatisfying(
            DataException.class, e -> assertThat(e.code()).isEqualTo(DataErrorCode.TASK_INVALID))
        .hasMessageContaining("doc_to_target names the column 'lable', the data has [q, a]");
  }

  @Test
  void csvColumnsHaveTypes() throws IOException {
    write("d.csv", "q,a,f,e\nx,2,1.0,\n007,1,2,z\n");
    String yaml =
        CHOICE
            .replace("data_files: {test: test.jsonl, train: train.jsonl}", "data_files: d.csv")
            .replace("dataset_path: json", "dataset_path: csv")
            .replace("test_split: test", "test_split: train")
            .replace("\"{{q}}\"", "\"{{q}} {{a}} {{f}} {{e}}\"");
    List<TaskItem> items = items(yaml);
    // As pandas reads them: q stays text because of x, an empty cell is missing.
    assertThat(items).extracting(TaskItem::context).containsExactly("x 2 1.0 None", "007 1 2.0 z");
    assertThat(items).extracting(TaskItem::gold).containsExactly(List.of(2), List.of(1));
  }

  @Test
  void byIdPromptsDoNotDependOnOrderOrLimit() throws IOException {
    StringBuilder train = new StringBuilder();
    for (int i = 0; i < 20; i++) {
      train.append("{\"q\":\"t%d\",\"a\":1}\n".formatted(i));
    }
    String yaml = CHOICE + "num_fewshot: 3\nfewshot_split: train\n";
    data(
        "{\"id\":\"i\",\"q\":\"q1\",\"a\":0}\n{\"id\":\"j\",\"q\":\"q2\",\"a\":0}\n",
        train.toString());
    List<TaskItem> forward = items(yaml);
    data(
        "{\"id\":\"j\",\"q\":\"q2\",\"a\":0}\n{\"id\":\"i\",\"q\":\"q1\",\"a\":0}\n",
        train.toString());
    List<TaskItem> backward = items(yaml);
    assertThat(backward.get(1).context()).isEqualTo(forward.get(0).context());
    assertThat(backward.get(0).context()).isEqualTo(forward.get(1).context());
    assertThat(forward.get(0).context().split("\n\n")).hasSize(4);
    assertThat(load(yaml).spec().fewshotMode()).isEqualTo("by_id");
    assertThat(load(yaml, null, "harness").spec().fewshotMode()).isEqualTo("harness");
    assertThat(load(yaml, 0, "by_id").spec().numFewshot()).isZero();
    assertThat(load(CHOICE + "num_fewshot: 0", 5, "by_id").spec().numFewshot()).isZero();
  }

  @Test
  void theDocumentIsNeverItsOwnExample() throws IOException {
    data("{\"q\":\"q1\",\"a\":0}\n{\"q\":\"q2\",\"a\":0}\n{\"q\":\"q3\",\"a\":0}\n", "");
    String yaml = CHOICE + "num_fewshot: 2\nfewshot_split: test\n";
    for (String sampler : List.of("default", "first_n")) {
      for (TaskItem item : items(yaml + "fewshot_config: {sampler: " + sampler + "}\n")) {
        String question = "q" + (item.docIndex() + 1);
        assertThat(item.context().split("\n\n")).hasSize(3).containsOnlyOnce(question);
      }
    }
  }

  /** Texts computed by lm-evaluation-harness 0.4.13's rules for prefix and delimiters. */
  @Test
  void generationPrefixAndDescription() throws IOException {
    data("{\"q\":\"Q\",\"a\":\"A\"}", "{\"q\":\"q\",\"a\":\"b\"}");
    String yaml =
        BASE
            + """
              doc_to_text: q
              doc_to_target: a
              num_fewshot: 1
              fewshot_split: train
              gen_prefix: "So:"
              description: "{{q}}! "
              generation_kwargs: {until: ["."]}
              """;
    assertThat(items(yaml).getFirst().context()).isEqualTo("Q! q So: b\n\nQ So:");
    String samples =
        yaml.replace("fewshot_split: train", "fewshot_config: {samples: [{q: s, a: r}]}");
    assertThat(items(samples).getFirst().context()).isEqualTo("Q! s So: r\n\nQ So:");
    assertThat(items(samples).getFirst().target()).containsExactly("A");
  }
}
