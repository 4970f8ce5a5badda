package io.assay.eval.chat;

import io.assay.datasets.DataErrorCode;
import io.assay.datasets.DataException;
import io.assay.datasets.task.PromptFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Prompts of tasks as conversations, as lm-evaluation-harness has them: a template that refuses a
 * conversation with a system message gets it without.
 */
public final class TaskChat implements PromptFormat.Chat {
  private static final Logger LOG = LoggerFactory.getLogger(TaskChat.class);

  private final ChatTemplate template;
  private final Map<String, ?> variables;
  private final AtomicBoolean warned = new AtomicBoolean();

  /**
   * @param template of the model
   * @param variables what else it reads, such as {@code enable_thinking}
   */
  public TaskChat(ChatTemplate template, Map<String, ?> variables) {
    this.template = template;
    this.variables = variables;
  }

  @Override
  public String render(List<Map<String, String>> messages, boolean continueLast) {
    try {
      return prompt(messages, continueLast);
    } catch (DataException e) {
      List<Map<String, String>> rest =
          messages.stream().filter(message -> !message.get("role").equals("system")).toList();
      if (e.code() != DataErrorCode.TEMPLATE_INVALID || rest.size() == messages.size()) {
        throw e;
      }
      if (warned.compareAndSet(false, true)) {
        LOG.warn(
            "The chat template takes no system message, so description and system instruction are"
                + " left out: {}",
            e.getMessage());
      }
      return prompt(rest, continueLast);
    }
  }

  private String prompt(List<Map<String, String>> messages, boolean continueLast) {
    return continueLast
        ? template.renderOpen(messages, variables)
        : template.render(messages, variables);
  }
}
