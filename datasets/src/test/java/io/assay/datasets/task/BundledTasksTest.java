package io.assay.datasets.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.assay.datasets.BadRecord;
import io.assay.datasets.DataErrorCode;
import io.assay.datasets.DataException;
import io.assay.datasets.reader.LocalFiles;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * The tasks of {@code datasets/tasks} against the prompts that lm-evaluation-harness 0.4.13 makes
 * by its own task files and hooks; {@code bundled/harness_prompts.py} recorded them.
 */
class BundledTasksTest {
  private static final Path ROOT = Path.of(System.getProperty("assay.root"));
  private static final Path TASKS = ROOT.resolve("datasets/tasks");
  private static final Path ITEMS =
      ROOT.resolve("datasets/src/test/resources/io/assay/datasets/task/bundled/items");

  /** Samples of the public files, which are not part of this repository. */
  private static final Path BENCHMARKS =
      Path.of(
          System.getProperty("assay.benchmarks", ROOT.resolve("../shared/benchmarks").toString()));

  /** Requests of one document and what is right. */
  private record Asked(List<List<String>> requests, List<String> target) {}

  @Test
  void everyTaskAndGroupIsValidWithoutItsData() {
    TaskCatalog catalog = TaskCatalog.of(new LocalFiles(), List.of(TASKS.toString()), null);
    assertThat(catalog.errors()).isEmpty();
    assertThat(catalog.tasks()).hasSize(19 + 2 * 57 + 14 + 3 * 27);
    assertThat(catalog.groups())
        .extracting(group -> group.group().name())
        .contains("mmlu", "mmlu_stem", "mmlu_continuation", "mmlu_pro", "bbh", "bbh_fewshot");
    assertThat(catalog.groups())
        .extracting(TaskCatalog.Group::group)
        .filteredOn(g -> List.of("mmlu", "mmlu_continuation").contains(g.name()))
        .hasSize(2)
        .allSatisfy(group -> assertThat(group.tasks()).hasSize(57));
  }

  /** Our own sentences in the layout of the public files: every text. */
  @TestFactory
  Stream<DynamicTest> promptsOfOurOwnItemsAreTheHarnesss() throws IOException {
    return cases("item-prompts.json")
        .map(
            expected ->
                DynamicTest.dynamicTest(
                    name(expected),
                    () -> {
                      List<Asked> asked = asked(expected, ITEMS);
                      List<Asked> prompts = new ArrayList<>();
                      for (JsonNode document : expected.get("prompts")) {
                        List<List<String>> requests = new ArrayList<>();
                        document.get("requests").forEach(r -> requests.add(texts(r)));
                        prompts.add(new Asked(requests, texts(document.get("target"))));
                      }
                      assertThat(asked).isEqualTo(prompts);
                      assertThat(digest(asked)).isEqualTo(expected.get("sha256").asText());
                    }));
  }

  /** The public files: a digest of every text. */
  @TestFactory
  Stream<DynamicTest> promptsOfTheBenchmarksAreTheHarnesss() throws IOException {
    return cases("benchmark-digests.json")
        .map(
            expected ->
                DynamicTest.dynamicTest(
                    name(expected),
                    () -> {
                      assumeTrue(
                          Files.isDirectory(BENCHMARKS),
                          () -> "no benchmark files at " + BENCHMARKS + "; set -Dassay.benchmarks");
                      Path examples = BENCHMARKS.resolve(examples(expected.get("task").asText()));
                      assumeTrue(
                          Files.exists(examples),
                          () -> "the worked examples are not there: " + examples);
                      List<Asked> asked = asked(expected, BENCHMARKS);
                      assertThat(asked).hasSize(expected.get("documents").asInt());
                      assertThat(digest(asked)).isEqualTo(expected.get("sha256").asText());
                    }));
  }

  /** What {@code assay tasks} shows as "no examples". */
  @Test
  void workedExamplesAreFilesOfTheUser(@TempDir Path data) throws IOException {
    Files.createDirectories(data.resolve("bbh"));
    Files.copy(ITEMS.resolve("bbh/navigate.json"), data.resolve("bbh/navigate.json"));
    Map<String, TaskCatalog.Entry> tasks =
        TaskCatalog.of(new LocalFiles(), List.of(TASKS.resolve("bbh").toString()), data.toString())
            .tasks()
            .stream()
            .collect(Collectors.toMap(task -> task.spec().name(), task -> task));
    for (String task : List.of("bbh_fewshot_navigate", "bbh_cot_fewshot_navigate")) {
      assertThat(tasks.get(task).found()).isTrue();
      assertThat(tasks.get(task).examplesFound()).isFalse();
      assertThatThrownBy(() -> items(task, null, data))
          .isInstanceOfSatisfying(
              DataException.class,
              e -> assertThat(e.code()).isEqualTo(DataErrorCode.FILE_NOT_FOUND))
          .hasMessageContaining("'bbh/cot-prompts/navigate.txt'");
    }
    assertThat(tasks.get("bbh_zeroshot_navigate").examplesFound()).isTrue();
    assertThat(items("bbh_zeroshot_navigate", null, data)).hasSize(2);
  }

  /** A task of ours only: no oracle but the file itself. */
  @Test
  void cmathAsksInChinese() {
    TaskItem item = items("cmath", null, ITEMS).getFirst();
    assertThat(item.context()).isEqualTo("问题：小明有3个苹果，又买了4个，一共有几个？\n答案：");
    assertThat(item.target()).containsExactly("7");
  }

  /** File of worked examples that a task needs besides its data; a folder for all others. */
  private static String examples(String task) {
    if (task.startsWith("truthfulqa")) {
      return "truthfulqa/qa_primer.txt";
    }
    boolean reasoned = task.startsWith("bbh_") && !task.startsWith("bbh_zeroshot_");
    return reasoned
        ? "bbh/cot-prompts/" + task.replaceFirst("^bbh_(cot_)?fewshot_", "") + ".txt"
        : ".";
  }

  private static List<Asked> asked(JsonNode expected, Path data) {
    String task = expected.get("task").asText();
    JsonNode shots = expected.get("shots");
    List<Asked> asked = new ArrayList<>();
    for (TaskItem item : items(task, shots.isNull() ? null : shots.asInt(), data)) {
      List<List<String>> requests = new ArrayList<>();
      for (int i = 0; i < item.continuations().size(); i++) {
        String continuation = item.continuations().get(i);
        requests.add(
            task.equals("wikitext")
                ? List.of(continuation)
                : List.of(item.context(i), continuation));
      }
      if (requests.isEmpty()) {
        requests.add(List.of(item.context()));
      }
      boolean choice = !item.gold().isEmpty();
      asked.add(
          new Asked(
              requests,
              choice ? item.gold().stream().map(String::valueOf).toList() : item.target()));
    }
    return asked;
  }

  private static List<TaskItem> items(String task, Integer shots, Path data) {
    List<BadRecord> failures = new ArrayList<>();
    List<TaskItem> items =
        TaskLoader.load(
                new TaskLoader.Selection(List.of(TASKS), List.of(task), data, shots, "harness"))
            .getFirst()
            .items(-1, failures::add)
            .toList();
    assertThat(failures).isEmpty();
    return items;
  }

  private static String digest(List<Asked> asked) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (Asked document : asked) {
        List<List<String>> parts = new ArrayList<>(document.requests);
        parts.add(document.target);
        for (List<String> texts : parts) {
          texts.forEach(text -> digest.update((text + "\u001f").getBytes(StandardCharsets.UTF_8)));
          digest.update((byte) 0x1e);
        }
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Stream<JsonNode> cases(String resource) throws IOException {
    try (InputStream in = BundledTasksTest.class.getResourceAsStream("bundled/" + resource)) {
      List<JsonNode> cases = new ArrayList<>();
      new ObjectMapper().readTree(in).forEach(cases::add);
      assertThat(cases).isNotEmpty();
      return cases.stream();
    }
  }

  private static String name(JsonNode expected) {
    JsonNode shots = expected.get("shots");
    return expected.get("task").asText() + (shots.isNull() ? "" : ", " + shots + " shots");
  }

  private static List<String> texts(JsonNode list) {
    List<String> texts = new ArrayList<>();
    list.forEach(text -> texts.add(text.asText()));
    return texts;
  }
}
