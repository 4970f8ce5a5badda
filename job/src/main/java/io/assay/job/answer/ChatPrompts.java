package io.assay.job.lines;

import io.assay.datasets.DataException;
import io.assay.engine.EngineException;
import io.assay.eval.chat.ChatTemplate;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** How lines become the prompts of a chat model: the model's template, read when it is needed. */
public final class ChatPrompts {
  private final Path model;
  private final boolean forPrompts;
  private final Map<String, ?> variables;
  private Optional<ChatTemplate> template; // null until it is read

  /**
   * @param model the model's folder
   * @param forPrompts whether a plain prompt is a user's message
   * @param variables for the template; those of a line win
   */
  public ChatPrompts(Path model, boolean forPrompts, Map<String, ?> variables) {
    this.model = model;
    this.forPrompts = forPrompts;
    this.variables = variables;
  }

  /**
   * Whether the model has a template.
   *
   * @throws EngineException TOKENIZER_INVALID if it cannot be read
   */
  public boolean available() {
    if (template == null) {
      template = ChatTemplate.read(model);
    }
    return template.isPresent();
  }

  boolean forPrompts() {
    return forPrompts;
  }

  /** A prompt, or why there is none. */
  record Rendered(String prompt, String code, String message) {}

  Rendered render(InputLine.Prompt line) {
    return render(List.of(Map.of("role", "user", "content", line.prompt())), Map.of());
  }

  Rendered render(InputLine.Chat line) {
    return render(line.messages(), line.variables());
  }

  private Rendered render(List<Map<String, Object>> messages, Map<String, Object> ofLine) {
    Map<String, Object> all = new LinkedHashMap<>(variables);
    all.putAll(ofLine);
    try {
      if (!available()) {
        return new Rendered(null, "CHAT_TEMPLATE_MISSING", missing());
      }
      String prompt = template.get().render(messages, all);
      return StandardCharsets.UTF_8.newEncoder().canEncode(prompt)
          ? new Rendered(prompt, null, null)
          : new Rendered(
              null, "NOT_UNICODE", "messages hold half of a surrogate pair, which is no text");
    } catch (EngineException e) {
      return new Rendered(null, e.code().name(), e.getMessage());
    } catch (DataException e) {
      return new Rendered(null, e.code().name(), e.getMessage());
    }
  }

  /** What is said when there is no template. */
  public String missing() {
    return model
        + " has no chat template (chat_template.jinja, or chat_template in tokenizer_config.json);"
        + " give a prompt, or copy the template from the model's repository";
  }
}
