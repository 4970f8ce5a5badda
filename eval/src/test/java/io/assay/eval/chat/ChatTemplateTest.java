package io.assay.eval.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.assay.datasets.DataException;
import io.assay.engine.EngineException;
import io.assay.engine.ErrorCode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where the template is found and what it sees; what it renders is tested with the templates. */
class ChatTemplateTest {
  private static final List<Map<String, Object>> HELLO =
      List.of(Map.of("role", "user", "content", "hello"));

  @TempDir private Path folder;

  @Test
  void aFolderWithoutTemplateHasNone() throws IOException {
    write("tokenizer_config.json", "{\"chat_template\": null}");

    assertThat(ChatTemplate.read(folder)).isEmpty();
  }

  @Test
  void theTemplateSeesMessagesTokensAndVariables() throws IOException {
    write(
        "tokenizer_config.json",
        """
        {"bos_token": {"content": "<b>"}, "eos_token": "<e>", "pad_token": null,
         "chat_template": "{{ bos_token }}{{ messages[0].content }}{{ eos_token }}\
        {{ unk_token }}{{ pad_token is defined }}{{ tools }}{{ add_generation_prompt }}{{ deep }}"}
        """);
    write("special_tokens_map.json", "{\"unk_token\": \"<u>\", \"eos_token\": \"<other>\"}");

    assertThat(render(Map.of("deep", 7))).isEqualTo("<b>hello<e><u>FalseNoneTrue7");
    assertThat(render(Map.of("add_generation_prompt", false, "bos_token", "")))
        .isEqualTo("hello<e><u>FalseNoneFalse");
  }

  @Test
  void theDefaultOfNamedTemplatesIsTaken() throws IOException {
    write(
        "tokenizer_config.json",
        """
        {"chat_template": [{"name": "tool_use", "template": "tools"},
                           {"name": "default", "template": "plain"}]}
        """);

    assertThat(render(Map.of())).isEqualTo("plain");
  }

  @Test
  void aFileOfItsOwnWins() throws IOException {
    write("chat_template.json", "{\"chat_template\": \"oldest\"}");
    assertThat(render(Map.of())).isEqualTo("oldest");
    write("tokenizer_config.json", "{\"chat_template\": \"config\"}");
    assertThat(render(Map.of())).isEqualTo("config");
    write("chat_template.jinja", "file {{ strftime_now('%Y') }}\n");
    assertThat(render(Map.of())).isEqualTo("file 2025");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"chat_template\": 7}",
        "{\"chat_template\": [{\"name\": \"rag\", \"template\": \"x\"}]}",
        "{\"chat_template\": [{\"name\": \"default\"}]}",
        "{\"chat_template\": \"{% for x in y %}\"}",
        "{\"chat_template\": \"{% include 'x' %}\"}",
        "{\"chat_template\": "
      })
  void whatIsNoTemplateIsOneErrorThatNamesTheFile(String config) throws IOException {
    write("tokenizer_config.json", config);

    assertThatThrownBy(() -> ChatTemplate.read(folder))
        .isInstanceOfSatisfying(
            EngineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.TOKENIZER_INVALID))
        .hasMessageContaining("tokenizer_config.json");
  }

  @Test
  void aTemplateMayRefuseTheConversation() throws IOException {
    write("chat_template.jinja", "{{ raise_exception('roles must alternate') }}");

    assertThatThrownBy(() -> render(Map.of()))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("roles must alternate")
        .hasMessageContaining("chat_template.jinja");
  }

  private String render(Map<String, ?> variables) {
    Clock clock = Clock.fixed(Instant.parse("2025-06-01T00:00:00Z"), ZoneOffset.UTC);
    return ChatTemplate.read(folder, clock).orElseThrow().render(HELLO, variables);
  }

  private void write(String name, String text) throws IOException {
    Files.write(folder.resolve(name), text.getBytes(StandardCharsets.UTF_8));
  }
}
