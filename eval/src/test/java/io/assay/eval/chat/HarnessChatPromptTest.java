package io.assay.eval.chat;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.assay.datasets.BadRecord;
import io.assay.datasets.task.OutputType;
import io.assay.datasets.task.PromptFormat;
import io.assay.datasets.task.Task;
import io.assay.datasets.task.TaskItem;
import io.assay.datasets.task.TaskLoader;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Prompts of task files as conversations, byte for byte against {@code prompts.json}, which {@code
 * prompts.py} beside it wrote with the code of lm-evaluation-harness 0.4.13 and transformers.
 */
class HarnessChatPromptTest {
  @TempDir private Path model;

  @Test
  void promptsEqualTheHarnessByteForByte() throws IOException, URISyntaxException {
    Path folder =
        Path.of(HarnessChatPromptTest.class.getResource("harness/prompts.json").toURI())
            .getParent();
    Files.writeString(
        model.resolve("tokenizer_config.json"),
        "{\"bos_token\": \"<s>\", \"eos_token\": \"</s>\"}");
    JsonNode cases = new ObjectMapper().readTree(folder.resolve("prompts.json").toFile());

    // 7 tasks, 3 system instructions; plain text, and 3 templates with and without turns.
    assertThat(cases).hasSize(7 * 3 * 7);
    for (JsonNode one : cases) {
      List<BadRecord> failures = new ArrayList<>();
      List<List<List<String>>> made = new ArrayList<>();
      Task task = task(folder, one);
      task.items(-1, failures::add).forEach(item -> made.add(prompts(task, item)));
      assertThat(failures).isEmpty();
      assertThat(made).as("%s", one).isEqualTo(expected(one.get("prompts")));
    }
  }

  private Task task(Path folder, JsonNode one) throws IOException {
    PromptFormat.Chat chat = null;
    if (!one.get("template").isNull()) {
      String template = Files.readString(folder.resolve(one.get("template").asText()));
      Files.writeString(model.resolve("chat_template.jinja"), template);
      chat = new TaskChat(ChatTemplate.read(model).orElseThrow(), Map.of("enable_thinking", false));
    }
    PromptFormat format =
        new PromptFormat(
            one.get("system").isNull() ? null : one.get("system").asText(),
            chat,
            one.get("multiturn").asBoolean());
    return TaskLoader.load(
            new TaskLoader.Selection(
                List.of(folder), List.of(one.get("task").asText()), null, null, "by_id", format))
        .getFirst();
  }

  private static List<List<String>> prompts(Task task, TaskItem item) {
    if (task.spec().outputType() == OutputType.GENERATE_UNTIL) {
      return List.of(List.of(item.context()));
    }
    List<List<String>> prompts = new ArrayList<>();
    for (int i = 0; i < item.continuations().size(); i++) {
      prompts.add(List.of(item.context(i), item.continuations().get(i)));
    }
    return prompts;
  }

  private static List<List<List<String>>> expected(JsonNode prompts) {
    List<List<List<String>>> documents = new ArrayList<>();
    for (JsonNode document : prompts) {
      List<List<String>> requests = new ArrayList<>();
      for (JsonNode request : document) {
        List<String> texts = new ArrayList<>();
        request.forEach(text -> texts.add(text.asText()));
        requests.add(texts);
      }
      documents.add(requests);
    }
    return documents;
  }
}
