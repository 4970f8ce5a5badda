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

/**
 * Tasks whose choices are contexts (WinoGrande's form) and choices asked without context. Expected
 * prompts follow {@code multiple_input_context} and {@code construct_requests} of lm_eval 0.4.13.
 */
class ContextPerChoiceTest {
  private static final String TASK =
      """
      task: t
      dataset_path: json
      dataset_kwargs:
        data_files: {test: test.jsonl, train: train.jsonl}
      test_split: test
      training_split: train
      output_type: multiple_choice
      doc_to_text: "{{ answer|int - 1 }}"
      doc_to_target: "{{ sentence.split('_')[1].strip() }}"
      doc_to_choice: "{{ [sentence.split('_')[0] + option1, sentence.split('_')[0] + option2] }}"
      """;

  @TempDir Path folder;

  private final List<BadRecord> failures = new ArrayList<>();

  private List<TaskItem> items(String yaml) throws IOException {
    Files.writeString(
        folder.resolve("test.jsonl"),
        """
        {"sentence":"The cup fell off the _ because it was wet.","option1":"tray","option2":"man","answer":"1"}
        {"sentence":"Ann saw Eve's car, so _ waved.","option1":"Ann","option2":"Eve","answer":"2"}
        {"sentence":"It is _ .","option1":"a","option2":"b","answer":"9"}
        """);
    Files.writeString(
        folder.resolve("train.jsonl"),
        """
        {"sentence":"Tom met Bob and _ smiled.","option1":"Tom","option2":"Bob","answer":"2"}
        """);
    Files.writeString(folder.resolve("t.yaml"), yaml);
    return TaskLoader.load(
            new TaskLoader.Selection(
                List.of(folder.resolve("t.yaml")), List.of("t"), null, null, "by_id"))
        .getFirst()
        .items(-1, failures::add)
        .toList();
  }

  @Test
  void everyChoiceIsAContextOfTheSameContinuation() throws IOException {
    List<TaskItem> items = items(TASK);
    assertThat(items.getFirst().contexts())
        .containsExactly("The cup fell off the tray", "The cup fell off the man");
    assertThat(items.getFirst().context(1)).isEqualTo("The cup fell off the man");
    assertThat(items.getFirst().continuations())
        .containsExactly(" because it was wet.", " because it was wet.");
    assertThat(items.get(1).contexts().getFirst()).isEqualTo("Ann saw Eve's car, so Ann");
    // An index outside the choices is never right.
    assertThat(items).extracting(TaskItem::gold).containsExactly(List.of(0), List.of(1), List.of());
    assertThat(failures).isEmpty();
  }

  @Test
  void anExampleIsItsRightContextWithTheAnswer() throws IOException {
    String yaml =
        TASK
            + """
              num_fewshot: 1
              fewshot_split: train
              description: "Fill in.\\n"
              fewshot_config: {sampler: first_n}
              """;
    assertThat(items(yaml).getFirst().contexts().get(1))
        .isEqualTo("Fill in.\nTom met Bob and Bob smiled.\n\nThe cup fell off the man");
  }

  @Test
  void theAnswersPrefixFollowsTheContextWithoutDelimiter() throws IOException {
    TaskItem item = items(TASK + "gen_prefix: so\n").getFirst();
    assertThat(item.contexts().getFirst()).isEqualTo("The cup fell off the trayso");
  }

  @Test
  void mutualInformationAsksChoicesWithoutContextToo() throws IOException {
    String metric = "metric_list: [{metric: acc}, {metric: acc_mutual_info}]\n";
    TaskItem item = items(TASK + metric).getFirst();
    assertThat(item.contexts())
        .containsExactly("The cup fell off the tray", "The cup fell off the man", "", "");
    assertThat(item.continuations().subList(2, 4))
        .containsExactly(" The cup fell off the tray", " The cup fell off the man");
    String plain =
        TASK.replace("\"{{ answer|int - 1 }}\"", "sentence")
            .replace("\"{{ sentence.split('_')[1].strip() }}\"", "option2")
            .replaceAll("doc_to_choice: .*", "doc_to_choice: [tray, man]");
    item = items(plain + metric).getFirst();
    String sentence = "The cup fell off the _ because it was wet.";
    assertThat(item.contexts()).containsExactly(sentence, sentence, "", "");
    assertThat(item.continuations()).containsExactly(" tray", " man", " tray", " man");
    assertThat(item.gold()).containsExactly(1);
  }

  @Test
  void onlyMultipleChoiceHasContextsToChooseFrom() {
    assertThatThrownBy(() -> items(TASK.replace("multiple_choice", "generate_until")))
        .isInstanceOfSatisfying(
            DataException.class, e -> assertThat(e.code()).isEqualTo(DataErrorCode.TASK_INVALID))
        .hasMessageContaining("needs output_type multiple_choice");
  }

  @Test
  void aDocumentWithoutIndexIsBad() throws IOException {
    items(
        TASK.replace("{{ answer|int - 1 }}", "{{ answer if answer == '9' else answer|int - 1 }}"));
    assertThat(failures).isEmpty();
    items(TASK.replace("{{ answer|int - 1 }}", "{{ 'x' if answer == '9' else answer|int - 1 }}"));
    assertThat(failures).hasSize(1);
    assertThat(failures.getFirst().code()).isEqualTo(DataErrorCode.DOCUMENT_INVALID);
  }

  @Test
  void generatedAnswersMayBeChosenByIndex() throws IOException {
    String yaml =
        TASK.replace("multiple_choice", "generate_until")
            .replace("\"{{ answer|int - 1 }}\"", "sentence")
            .replaceAll("doc_to_target: .*", "doc_to_target: \"{{ answer|int - 1 }}\"");
    assertThat(items(yaml.replaceAll("doc_to_choice: .*", "doc_to_choice: [A, B]")).get(1).target())
        .containsExactly("B");
  }
}
