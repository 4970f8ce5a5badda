package io.assay.job.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.assay.datasets.BadRecord;
import io.assay.datasets.DataErrorCode;
import io.assay.datasets.DataException;
import io.assay.datasets.task.PromptFormat;
import io.assay.datasets.task.Task;
import io.assay.datasets.task.TaskItem;
import io.assay.datasets.task.TaskLoader;
import io.assay.datasets.task.TaskSuite;
import io.assay.job.storage.OtherStorage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Task files and their data on another storage ask what they ask on this machine. */
class RemoteTasksTest {
  @TempDir Path folder;

  @BeforeEach
  void tasks() throws IOException {
    write(
        "tasks/common.yaml",
        """
        dataset_path: json
        dataset_kwargs: {data_files: {test: "{dataset_name}.jsonl", train: "shots/*.jsonl"}}
        test_split: test
        fewshot_split: train
        num_fewshot: 2
        output_type: multiple_choice
        doc_to_text: "Q: {{q}}\\nA:"
        doc_to_choice: ["yes", "no"]
        doc_to_target: a
        """);
    write(
        "tasks/sub/first.yaml",
        "include: ../common.yaml\ntask: first\ndataset_name: first\ntag: both\n");
    write(
        "tasks/sub/second.yml",
        "include: ../common.yaml\ntask: second\ndataset_name: second\ntag: both\n");
    write("tasks/_all.yaml", "group: all\ntask: [first, second]\n");
    write("tasks/.hidden.yaml", "task: hidden\n");
    write("tasks/sub/first.jsonl", "{\"q\": \"one\", \"a\": 0}\n{\"q\": \"two\", \"a\": 1}\nno\n");
    // Where tasks.data is, and not beside the task.
    write("data/second.jsonl", "{\"q\": \"three\", \"a\": 1}\n");
    write("data/shots/b.jsonl", "{\"q\": \"four\", \"a\": 0}\n{\"q\": \"five\", \"a\": 1}\n");
    write("data/shots/a.jsonl", "{\"q\": \"six\", \"a\": 1}\n");
  }

  private void write(String name, String content) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, content);
  }

  private static TaskSuite suite(String tasks, String data, String... names) {
    return TaskLoader.suite(
        new TaskLoader.Selection(
            new HadoopFiles(OtherStorage.configuration()),
            List.of(tasks),
            List.of(names),
            data,
            null,
            "by_id",
            PromptFormat.PLAIN));
  }

  private String remote(String name) {
    return OtherStorage.address(folder.resolve(name));
  }

  private String local(String name) {
    return folder.resolve(name).toString();
  }

  @Test
  void theSameQuestionsWhereverTheyAre() {
    List<String> expected = described(suite(local("tasks"), local("data"), "*"));
    assertThat(expected).hasSize(4).last().asString().contains("first.jsonl");
    assertThat(described(suite(remote("tasks"), remote("data"), "*"))).isEqualTo(expected);
    // The one here and the other there.
    assertThat(described(suite(local("tasks"), remote("data"), "all"))).isEqualTo(expected);
    assertThat(described(suite(remote("tasks"), local("data"), "both"))).isEqualTo(expected);
    assertThat(suite(remote("tasks/sub/first.yaml"), remote("data"), "first").tasks()).hasSize(1);
  }

  /** Every item and bad record, without the storage they come from. */
  private static List<String> described(TaskSuite suite) {
    List<String> all = new ArrayList<>();
    List<BadRecord> failures = new ArrayList<>();
    for (Task task : suite.tasks()) {
      try (var items = task.items(-1, failures::add)) {
        items.map(TaskItem::toString).forEach(all::add);
      }
    }
    failures.forEach(bad -> all.add(bad.toString()));
    return all.stream().map(text -> text.replace("other:", "")).toList();
  }

  @Test
  void whatIsMissingIsNamedWithItsAddress() throws IOException {
    assertThatThrownBy(() -> suite(remote("nowhere"), null, "*"))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("the task file or folder " + remote("nowhere") + " does not exist");
    assertThatThrownBy(() -> suite("nosuch://bucket/tasks", null, "*"))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("nosuch://bucket/tasks cannot be read: ");
    assertThatThrownBy(() -> suite(remote("tasks"), null, "second"))
        .isInstanceOf(DataException.class)
        .hasMessageContaining(remote("tasks/sub/second.jsonl") + ", ")
        .hasMessageContaining("(tasks.data is not set)");
    write("tasks/bad.yaml", "task: bad\nunknown_key: 1\n");
    assertThatThrownBy(() -> suite(remote("tasks"), remote("data"), "bad"))
        .isInstanceOf(DataException.class)
        .hasMessageContaining(remote("tasks/bad.yaml") + ":2:1");
  }

  @Test
  void includesStayOnTheirStorageByRelativePaths() throws IOException {
    for (String include :
        List.of(local("tasks/common.yaml"), remote("tasks/common.yaml"), "file:/etc/x.yaml")) {
      write("tasks/escaping.yaml", "include: " + include + "\ntask: escaping\n");
      assertThatThrownBy(() -> suite(remote("tasks"), remote("data"), "escaping"))
          .isInstanceOf(DataException.class)
          .hasMessageContaining("include takes YAML files by a path relative to the task file")
          .satisfies(
              e -> assertThat(((DataException) e).code()).isEqualTo(DataErrorCode.TASK_INVALID));
    }
  }
}
