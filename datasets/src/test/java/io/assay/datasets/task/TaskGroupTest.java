package io.assay.datasets.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.assay.datasets.DataErrorCode;
import io.assay.datasets.DataException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TaskGroupTest {
  private static final String SETTINGS =
      "dataset_path: json, dataset_kwargs: {data_files: {test: d.jsonl}}, test_split: test,"
          + " output_type: multiple_choice, doc_to_text: q, doc_to_choice: [x, y], doc_to_target: a";

  @TempDir Path folder;

  @BeforeEach
  void tasks() throws IOException {
    write(
        "d.jsonl",
        """
        {"q":"Q","a":0}
        {"q":"R","a":1}
        {"q":"S","a":0}
        """);
    for (String task : List.of("algebra", "botany", "chess")) {
      String tag = task.equals("chess") ? "tag: games" : "tag: [science, school]";
      write(task + ".yaml", "{task: %s, %s, %s}\n".formatted(task, tag, SETTINGS));
    }
  }

  private void write(String name, String content) throws IOException {
    Files.writeString(folder.resolve(name), content);
  }

  private TaskSuite suite(String... names) {
    return TaskLoader.suite(
        new TaskLoader.Selection(List.of(folder), List.of(names), null, null, "by_id"));
  }

  private static List<String> names(TaskSuite suite) {
    return suite.tasks().stream().map(task -> task.spec().name()).toList();
  }

  @Test
  void aGroupSelectsTasksByNameTagAndPlace() throws IOException {
    write(
        "g.yaml",
        """
        group: g
        group_alias: All of it
        task:
          - science
          - task: chess
            num_fewshot: 3
          - {task: own, %s}
        aggregate_metric_list:
          - {metric: acc, aggregation: mean, weight_by_size: false, filter_list: none}
          - metric: acc_norm
        metadata: {version: 2.0}
        """
            .formatted(SETTINGS));
    TaskSuite suite = suite("g");
    assertThat(names(suite)).containsExactly("algebra", "botany", "chess", "g::own");
    assertThat(suite.groups())
        .containsExactly(
            new TaskGroup(
                "g",
                "2.0",
                List.of("algebra", "botany", "chess", "g::own"),
                List.of(
                    new TaskGroup.Aggregate("acc", List.of("none"), false),
                    new TaskGroup.Aggregate("acc_norm", List.of(), true))));
    assertThat(suite.tasks().get(2).spec().numFewshot()).isEqualTo(3);
    assertThat(suite.tasks().get(1).spec().numFewshot()).isZero();
    assertThat(suite.tasks().get(3).items(-1, bad -> {}).toList().getFirst().choices())
        .containsExactly("x", "y");
    // Without the group its settings do not apply.
    assertThat(suite("chess").tasks().getFirst().spec().numFewshot()).isZero();
    assertThat(suite("chess").groups()).isEmpty();
  }

  @Test
  void groupsNestAndInnerSettingsWin() throws IOException {
    write("inner.yaml", "group: inner\ntask: [algebra, botany]\nnum_fewshot: 1\n");
    write(
        "outer.yaml",
        """
        group: outer
        description: "from the group"
        task:
          - inner
          - group: rest
            num_fewshot: 2
            task: [chess, inner]
            aggregate_metric_list: {metric: acc, weight_by_size: true}
        aggregate_metric_list: [{metric: acc}]
        """);
    write("top.yaml", "group: top\ntask: [{group: inner, num_fewshot: 5}, chess]\n");
    // The second place of inner asks for 2 examples, the first for its own 1.
    assertThatThrownBy(() -> suite("outer"))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("'algebra' is selected twice with different settings");
    write(
        "outer.yaml",
        Files.readString(folder.resolve("outer.yaml")).replace("[chess, inner]", "[chess]"));
    TaskSuite suite = suite("outer");
    assertThat(suite.groups())
        .extracting(TaskGroup::name)
        .containsExactly("inner", "outer", "outer::rest");
    assertThat(suite.groups().get(0).aggregates()).isEmpty();
    assertThat(suite.groups().get(0).version()).isEqualTo("N/A");
    assertThat(suite.groups().get(1).tasks()).containsExactly("algebra", "botany", "chess");
    assertThat(suite.groups().get(2).tasks()).containsExactly("chess");
    assertThat(suite.tasks().get(0).spec().numFewshot()).isEqualTo(1);
    assertThat(suite.tasks().get(2).items(-1, bad -> {}).toList().getFirst().context())
        .startsWith("from the group");
    // What the caller sets wins over the group's own.
    assertThat(suite("top").tasks().getFirst().spec().numFewshot()).isEqualTo(5);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "task: [algebr]                              | the group 'g' lists 'algebr', which is no task, group or tag here",
        "task: []                                    | is a list of tasks",
        "task: [3]                                   | is a list of names and mappings, found '3'",
        "task: [g]                                   | the groups go round in a circle",
        "'task: [{task: chess, includ: x}]'          | g.yaml:2:22: the key 'includ' is unknown",
        "'task: [{task: chess, include: x.yaml}]'    | include stands at the top of a file",
        "'task: [chess, {task: chess, num_fewshot: 1}]' | selected twice with different settings",
        "'task: [{num_fewshot: 1}]'                  | is missing",
        "'task: [chess]; aggregate_metric_list: [{metric: acc}, {metric: acc, filter_list: none}]' | 'acc' stands twice for the same filter",
        "'task: [chess]\naggregate_metric_list: [{metric: acc, aggregation: sum}]' | is mean, found 'sum'",
        "'task: [chess]\naggregate_metric_list: [{metric: acc, weight: 1}]' | 'aggregate_metric_list[0].weight' is unknown",
      })
  void badGroupsAreNamed(String lines, String message) throws IOException {
    write("g.yaml", "group: g\n" + lines.replace("; ", "\n") + "\n");
    assertThatThrownBy(() -> suite("g"))
        .isInstanceOfSatisfying(
            DataException.class, e -> assertThat(e.code()).isEqualTo(DataErrorCode.TASK_INVALID))
        .hasMessageContaining("g.yaml")
        .hasMessageContaining(message);
  }
}
