package io.assay.eval.chat;

import io.assay.datasets.DataErrorCode;
import io.assay.datasets.DataException;
import io.assay.datasets.template.Dialect;
import io.assay.datasets.template.Template;
import io.assay.engine.EngineException;
import io.assay.engine.ErrorCode;
import io.assay.eval.text.PythonText;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The chat template of a checkpoint: turns a conversation into the text its model was trained on,
 * as {@code apply_chat_template} of transformers does. The text carries the special tokens,
 * including BOS where the template writes one: it is encoded with nothing added in front.
 *
 * <p>Rendering is sandboxed and bounded (see {@link Template}). Immutable, safe for several
 * threads.
 */
public final class ChatTemplate {
  /** Stands at the end of a message that is to be continued while the template is rendered. */
  private static final String OPEN_END = "ASSAY_CONTINUES_HERE ";

  private final Template template;
  private final Map<String, Object> specialTokens;
  private final Clock clock;

  private ChatTemplate(Template template, Map<String, Object> specialTokens, Clock clock) {
    this.template = template;
    this.specialTokens = specialTokens;
    this.clock = clock;
  }

  /**
   * The template of a model folder, empty if it has none: {@code chat_template.jinja}, else {@code
   * chat_template} of tokenizer_config.json (a text, or a list of named ones of which {@code
   * default} is taken), else that of chat_template.json.
   *
   * @throws EngineException TOKENIZER_INVALID if a file or the template cannot be read
   */
  public static Optional<ChatTemplate> read(Path folder) {
    return read(folder, Clock.systemDefaultZone());
  }

  /**
   * The same, with the time that templates see.
   *
   * @param clock what {@code strftime_now} reads
   */
  public static Optional<ChatTemplate> read(Path folder, Clock clock) {
    return ChatFiles.template(folder)
        .map(
            source ->
                new ChatTemplate(
                    compile(source), Map.copyOf(ChatFiles.specialTokens(folder)), clock));
  }

  private static Template compile(ChatFiles.Source source) {
    try {
      return Template.compile(source.text(), source.where(), Dialect.CHAT);
    } catch (DataException e) {
      // Here the template is part of the model, not of a task file: the cause is left behind.
      throw new EngineException(ErrorCode.TOKENIZER_INVALID, e.getMessage());
    }
  }

  /**
   * The prompt after which the model answers: {@code add_generation_prompt} is true, {@code tools}
   * and {@code documents} are none, {@code bos_token} and the like are the tokenizer's.
   *
   * @param messages each with {@code role} and {@code content}, and what else the template reads
   * @param variables what else the template reads, such as {@code enable_thinking}; they win over
   *     those above
   * @throws DataException TEMPLATE_INVALID if the template refuses the conversation or fails
   */
  public String render(List<? extends Map<String, ?>> messages, Map<String, ?> variables) {
    return render(messages, variables, /* generate= */ true);
  }

  /**
   * The prompt that ends within the last message, whose continuation the model writes: {@code
   * continue_final_message} of transformers, {@code add_generation_prompt} is false.
   *
   * @param messages the content of the last one is text
   * @throws DataException TEMPLATE_INVALID also if the template changes or drops the last message
   */
  public String renderOpen(List<? extends Map<String, ?>> messages, Map<String, ?> variables) {
    List<Map<String, ?>> marked = new ArrayList<>(messages);
    Map<String, Object> last = new LinkedHashMap<>(messages.getLast());
    String content = (String) last.get("content");
    last.put("content", content + OPEN_END);
    marked.set(marked.size() - 1, last);
    String text = render(marked, variables, /* generate= */ false);
    String mark = PythonText.strip(OPEN_END);
    int end = text.lastIndexOf(mark);
    if (end < 0 || !text.contains(PythonText.strip(content))) {
      throw new DataException(
          DataErrorCode.TEMPLATE_INVALID,
          "the chat template drops or changes the last message, so that the begin of the answer"
              + " cannot be continued; use tasks without gen_prefix");
    }
    String open = text.substring(0, end);
    // Where the template strips contents the end of this one was stripped too.
    return text.startsWith(OPEN_END, end)
        ? open
        : open.substring(0, PythonText.lengthWithoutTrailingSpace(open));
  }

  private String render(
      List<? extends Map<String, ?>> messages, Map<String, ?> variables, boolean generate) {
    Map<String, Object> values = new LinkedHashMap<>(specialTokens);
    values.put("messages", messages);
    values.put("tools", null);
    values.put("documents", null);
    values.put("add_generation_prompt", generate);
    values.putAll(variables);
    return template.render(values, clock);
  }
}
