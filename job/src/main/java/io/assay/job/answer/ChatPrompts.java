package io.assay.job.answer;

import io.assay.datasets.DataErrorCode;
import io.assay.datasets.DataException;
import io.assay.engine.EngineException;
import io.assay.eval.chat.ChatTemplate;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** How conversations become the prompts of a chat model: the model's template, read when needed. */
public final class ChatPrompts {
  private final Path model;
  private final boolean forPrompts;
  private final Map<String, ?> variables;
  private Optional<ChatTemplate> template; // null until it is read

  /**
   * @param model the model's folder
   * @param forPrompts whether a plain prompt is a user's message
   * @param variables for the template; those of a conversation win
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

  public boolean forPrompts() {
    return forPrompts;
  }

  /**
   * A prompt, or why there is none.
   *
   * @param code null if there is a prompt
   */
  public record Rendered(String prompt, String code, String message) {}

  /** The prompt of a conversation of one user's message. */
  public Rendered render(String message) {
    return render(user(message), Map.of());
  }

  /**
   * The prompt of a conversation.
   *
   * @param own the conversation's own variables for the template
   */
  public Rendered render(List<Map<String, Object>> messages, Map<String, Object> own) {
    Map<String, Object> all = new LinkedHashMap<>(variables);
    all.putAll(own);
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

  /**
   * The prompt of a conversation, where a missing template was told before.
   *
   * @throws DataException TEMPLATE_INVALID or DOCUMENT_INVALID if there is none
   */
  public String prompt(List<Map<String, Object>> messages, Map<String, Object> own) {
    Rendered rendered = render(messages, own);
    if (rendered.prompt() == null) {
      boolean refused = rendered.code().equals(DataErrorCode.TEMPLATE_INVALID.name());
      throw new DataException(
          refused ? DataErrorCode.TEMPLATE_INVALID : DataErrorCode.DOCUMENT_INVALID,
          rendered.message());
    }
    return rendered.prompt();
  }

  /** A conversation of one user's message. */
  public static List<Map<String, Object>> user(String message) {
    return List.of(Map.of("role", "user", "content", message));
  }

  /** What is said when there is no template. */
  public String missing() {
    return missing(model);
  }

  /** What is said when a model's folder has no template. */
  public static String missing(Path model) {
    return model
        + " has no chat template (chat_template.jinja, or chat_template in tokenizer_config.json);"
        + " give a prompt, or copy the template from the model's repository";
  }
}
