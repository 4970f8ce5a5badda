package io.assay.tests.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.assay.engine.Engine;
import io.assay.engine.EngineOptions;
import io.assay.engine.WorkListener;
import io.assay.engine.generate.GenerateRequest;
import io.assay.eval.request.GenerationParameters;
import io.assay.job.ExitCode;
import io.assay.job.Failure;
import io.assay.job.answer.ChatPrompts;
import io.assay.job.lines.GenerateLines;
import io.assay.job.lines.GenerateOptions;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code assay generate} with conversations and thinking, on the quickstart model. */
class ChatGenerationTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Path QUICKSTART =
      Path.of(System.getProperty("assay.root"), "datasets/quickstart/model");
  private static final String TEMPLATE =
      """
      {{- bos_token }}
      {%- for m in messages %}
        {{- raise_exception('users only') if m.role != 'user' }}
        {{- '<｜User｜>' ~ m.content }}
      {%- endfor %}
      {%- if add_generation_prompt %}{{ '<｜Assistant｜>' }}{% endif %}
      {%- if enable_thinking %}{{ '<think>\n' }}{% endif %}
      """;

  private static Engine engine;
  @TempDir private Path folder;

  @BeforeAll
  static void open() {
    engine = Engine.open(QUICKSTART, EngineOptions.defaults());
  }

  @AfterAll
  static void close() {
    engine.close();
  }

  /** Only the files of the tokenizer: the template is not the engine's affair. */
  @BeforeEach
  void copyTokenizerConfig() throws IOException {
    Files.copy(
        QUICKSTART.resolve("tokenizer_config.json"), folder.resolve("tokenizer_config.json"));
  }

  @Test
  void messagesAndWrappedPromptsAreWhatTheTemplateWritesWithOneBos() throws IOException {
    template();
    int[] question = engine.tokenizer().encode("12+30=");
    int[] prompt =
        Stream.of(
                new int[] {id("<｜begin▁of▁sentence｜>"), id("<｜User｜>")},
                question,
                new int[] {id("<｜Assistant｜>")})
            .flatMapToInt(IntStream::of)
            .toArray();
    int[] expected =
        engine
            .generate(List.of(GenerateRequest.greedy("r", prompt, 12)), WorkListener.NONE)
            .results()
            .getFirst()
            .tokens();

    JsonNode fromMessages =
        generate("{\"id\":1,\"messages\":[{\"role\":\"user\",\"content\":\"12+30=\"}]}", false);
    JsonNode fromPrompt = generate("{\"id\":1,\"prompt\":\"12+30=\"}", true);
    // Written out by hand: add_bos_token of this tokenizer does not double the text's own BOS.
    JsonNode asText =
        generate(
            "{\"id\":1,\"prompt\":\"<｜begin▁of▁sentence｜><｜User｜>12+30=<｜Assistant｜>\"}", false);

    for (JsonNode line : List.of(fromMessages, fromPrompt, asText)) {
      assertThat(line.get("error").isNull()).isTrue();
      assertThat(JSON.convertValue(line.get("tokens"), int[].class)).isEqualTo(expected);
    }
  }

  @Test
  void aModelWithoutTemplateAnswersPromptsAndSaysWhatMessagesLack() throws IOException {
    JsonNode chat =
        generate("{\"id\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}", false);
    JsonNode prompt = generate("{\"id\":\"p\",\"prompt\":\"x\"}", false);

    assertThat(chat.get("error").asText()).startsWith("CHAT_TEMPLATE_MISSING: " + folder);
    assertThat(chat.get("text").isNull()).isTrue();
    assertThat(prompt.get("error").isNull()).isTrue();
  }

  @Test
  void aConversationTheTemplateRefusesIsTheLinesOwnError() throws IOException {
    template();

    JsonNode line = generate("{\"messages\":[{\"role\":\"system\",\"content\":\"x\"}]}", false);

    assertThat(line.get("error").asText())
        .startsWith("TEMPLATE_INVALID: ")
        .contains("users only", "chat_template.jinja");
  }

  @Test
  void aTemplateThatCannotBeReadIsAnUnreadableModel() throws IOException {
    Files.writeString(folder.resolve("chat_template.jinja"), "{% for %}");
    ChatPrompts prompts = new ChatPrompts(folder, true, Map.of());

    assertThatThrownBy(prompts::available)
        .satisfies(
            e -> {
              assertThat(Failure.of(e).exitCode()).isEqualTo(ExitCode.UNREADABLE);
              assertThat(Failure.of(e).line()).startsWith("assay: TOKENIZER_INVALID: " + folder);
            });
  }

  @Test
  void halfASurrogatePairInAMessageIsNoText() throws IOException {
    template();

    JsonNode line = generate("{\"messages\":[{\"role\":\"user\",\"content\":\"\\ud800\"}]}", false);

    assertThat(line.get("error").asText()).startsWith("NOT_UNICODE: ");
  }

  @Test
  void stopTextsDoNotSeeWhatIsThought() throws IOException {
    template();
    String chat =
        "{\"messages\":[{\"role\":\"user\",\"content\":\"12+30=\"}],"
            + "\"chat_template_kwargs\":{\"enable_thinking\":true}}";

    JsonNode plain = generate(chat, false, List.of(), false);
    String text = plain.get("text").asText();
    assertThat(text).hasSizeGreaterThan(4);
    List<String> stop = List.of(text.substring(2, 4));
    JsonNode stopped = generate(chat, false, stop, false);
    JsonNode thought = generate(chat, false, stop, true);

    assertThat(plain.has("thinking")).isFalse();
    assertThat(stopped.get("finish").asText()).isEqualTo("stop");
    assertThat(stopped.get("text").asText())
        .isEqualTo(text.substring(0, text.indexOf(stop.get(0))));
    assertThat(thought.get("finish").asText()).isEqualTo(plain.get("finish").asText());
    assertThat(thought.get("thinking").asText()).isEqualTo(text);
    assertThat(thought.get("text").asText()).isEmpty();
    assertThat(thought.get("tokens")).isEqualTo(plain.get("tokens"));
  }

  @Test
  void withoutAThinkingPartReasoningChangesNothing() throws IOException {
    JsonNode plain = generate("{\"prompt\":\"12+30=\"}", false, List.of("\n"), false);
    JsonNode reasoned = generate("{\"prompt\":\"12+30=\"}", false, List.of("\n"), true);

    assertThat(reasoned.get("thinking").isNull()).isTrue();
    assertThat(reasoned.get("text")).isEqualTo(plain.get("text"));
  }

  private void template() throws IOException {
    Files.write(folder.resolve("chat_template.jinja"), TEMPLATE.getBytes(StandardCharsets.UTF_8));
  }

  private static int id(String token) {
    int[] ids = engine.tokenizer().encode(token);
    assertThat(ids).hasSize(1);
    return ids[0];
  }

  private JsonNode generate(String line, boolean chat) throws IOException {
    return generate(line, chat, List.of(), false);
  }

  private JsonNode generate(String line, boolean chat, List<String> stop, boolean reasoning)
      throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    new GenerateLines(
            engine,
            new GenerateOptions(
                new GenerationParameters(12, new ArrayList<>(stop), 0, 1), 0, false, reasoning),
            new ChatPrompts(folder, chat, Map.of()))
        .run(new ByteArrayInputStream(line.getBytes(StandardCharsets.UTF_8)), out);
    return JSON.readTree(out.toByteArray());
  }
}
