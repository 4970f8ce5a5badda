package io.assay.job.request;

import io.assay.datasets.BadRecord;
import io.assay.datasets.DataErrorCode;
import io.assay.datasets.DataException;
import io.assay.datasets.task.TaskSpec;
import io.assay.datasets.task.TextRule;
import io.assay.eval.chat.Conversation;
import io.assay.eval.chat.InvalidConversation;
import io.assay.eval.request.EvalRequest;
import io.assay.eval.request.GenerationParameters;
import io.assay.eval.request.RequestFactory;
import io.assay.job.UsageException;
import io.assay.job.answer.ChatPrompts;
import io.assay.job.config.RunConfig;
import io.assay.job.data.HadoopFiles;
import java.util.List;
import java.util.Map;

/** The documents of an entry of {@code prompts}: each is to be continued or answered. */
public final class PromptSource implements Source {
  /** Begin of the values of the {@code task} column. */
  public static final String TASK = "prompts:";

  private static final String VARIABLES = "chat_template_kwargs";

  private final RunConfig.Prompts prompts;
  private final DataDocuments data;
  private final ChatPrompts chat;
  private final TextRule prompt;
  private final RequestFactory factory;

  /**
   * Finds the files without reading them; fails if there are none, the template does not compile,
   * or the model has no chat template and one is needed.
   */
  PromptSource(
      RunConfig.Prompts prompts, HadoopFiles files, ChatPrompts chat, RequestFactory factory) {
    this.prompts = prompts;
    this.chat = chat;
    this.factory = factory;
    this.prompt = prompts.prompt() == null ? null : TextRule.of(prompts.prompt(), prompts.key());
    if (prompts.isChat() && !chat.available()) {
      throw UsageException.config(prompts.key(), chat.missing());
    }
    this.data = new DataDocuments(files, prompts.data());
  }

  @Override
  public String name() {
    return TASK + prompts.name();
  }

  @Override
  public Kind kind() {
    return Kind.PROMPTS;
  }

  @Override
  public TaskSpec spec() {
    return null;
  }

  @Override
  public long divisibleBytes() {
    return data.bytes();
  }

  @Override
  public void read(Stripe stripe, Receiver receiver) {
    DocumentIds ids = new DocumentIds(prompts.id());
    data.read(
        stripe,
        (position, document, wanted) -> {
          String problem = DocumentIds.problem(document, prompts.id());
          String id = problem == null ? ids.of(document) : null;
          if (!wanted) {
            return;
          }
          try {
            if (problem != null) {
              throw new DataException(DataErrorCode.DOCUMENT_INVALID, problem);
            }
            String text = text(document.fields());
            receiver.asked(position, asked(id, text, position, receiver));
          } catch (DataException e) {
            receiver.failed(
                position,
                Failed.of(
                    new BadRecord(document.source(), document.line(), e.code(), e.getMessage())));
          }
        },
        receiver::failed);
  }

  private AskedDocument asked(String id, String text, long position, Receiver receiver) {
    GenerationParameters parameters =
        new GenerationParameters(
            prompts.maxNewTokens(), prompts.stop(), prompts.temperature(), prompts.topP());
    List<EvalRequest> requests =
        factory.generate(
            name(),
            name(),
            id,
            text,
            parameters,
            prompts.repeats(),
            r -> receiver.failed(position, Failed.of(r)));
    return new AskedDocument(id, null, null, null, requests);
  }

  private String text(Map<String, Object> fields) {
    if (prompts.messages() == null) {
      String text = prompt.text(fields);
      return prompts.chat() ? chat.prompt(ChatPrompts.user(text), Map.of()) : text;
    }
    try {
      return chat.prompt(
          Conversation.of(prompts.messages(), fields.get(prompts.messages())),
          Conversation.variables(VARIABLES, fields.get(VARIABLES)));
    } catch (InvalidConversation e) {
      throw new DataException(DataErrorCode.DOCUMENT_INVALID, e.getMessage());
    }
  }
}
