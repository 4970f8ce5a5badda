package io.assay.datasets.task;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.assay.datasets.BadRecord;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The ten bundled tasks against expected.json and the text their generator writes. */
class QuickstartTasksTest {
  private static final Path ROOT =
      Path.of(System.getProperty("assay.root"), "datasets", "quickstart");

  private static List<Task> quickstart() {
    return TaskLoader.load(
        new TaskLoader.Selection(
            List.of(ROOT.resolve("tasks")), List.of("quickstart"), null, null, "by_id"));
  }

  @Test
  void everyTaskRendersEveryItem() throws IOException {
    JsonNode expected = new ObjectMapper().readTree(ROOT.resolve("expected.json").toFile());
    List<Task> tasks = quickstart();
    assertThat(tasks)
        .extracting(t -> t.spec().name())
        .containsExactly(
            "qs_addition",
            "qs_brackets",
            "qs_compare",
            "qs_grammar",
            "qs_ja_particle",
            "qs_lexicon",
            "qs_story_qa",
            "qs_subtraction",
            "qs_word_sums",
            "qs_zh_measure");
    for (Task task : tasks) {
      List<BadRecord> failures = new ArrayList<>();
      List<TaskItem> items = task.items(-1, failures::add).toList();
      String name = task.spec().name().substring("qs_".length());
      assertThat(failures).isEmpty();
      assertThat(items).hasSize(expected.get("tasks").get(name).get("items").asInt());
      assertThat(items).extracting(TaskItem::docId).doesNotHaveDuplicates();
      if (task.spec().outputType() == OutputType.MULTIPLE_CHOICE) {
        assertThat(items).allSatisfy(i -> assertThat(i.gold()).hasSize(1));
      } else {
        assertThat(items).allSatisfy(i -> assertThat(i.target()).hasSize(1));
      }
    }
  }

  @Test
  void additionPromptHoldsItsFourExamples() {
    TaskItem first = quickstart().getFirst().items(1, f -> {}).toList().getFirst();
    assertThat(first.context()).startsWith("55 + 12 = 67\n\n31 + 92 = 123\n\n");
    assertThat(first.context()).endsWith("\n\n63 + 26 =");
    assertThat(first.context().split("\n\n")).hasSize(5);
    assertThat(first.target()).containsExactly("89");
  }
}
