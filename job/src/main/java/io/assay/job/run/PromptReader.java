package io.assay.job.run;

import io.assay.datasets.BadRecord;
import io.assay.datasets.DataErrorCode;
import io.assay.datasets.DataException;
import io.assay.datasets.Document;
import io.assay.datasets.reader.DocumentReader;
import io.assay.datasets.reader.FileStore;
import io.assay.datasets.task.TextRule;
import io.assay.eval.chat.Conversation;
import io.assay.eval.chat.InvalidConversation;
import io.assay.job.UsageException;
import io.assay.job.answer.ChatPrompts;
import io.assay.job.config.RunConfig;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Reads the documents of an entry of {@code prompts} and makes the model's prompts of them. */
final class PromptReader {
  /** Begin of the values of the {@code task} column. */
  static final String TASK = "prompts:";

  private static final String VARIABLES = "chat_template_kwargs";

  private final RunConfig.Prompts prompts;
  private final FileStore files;
  private final ChatPrompts chat;
  private final TextRule prompt;
  private final DocumentIds ids;

  /**
   * Finds the files without reading them; fails if there are none, the template does not compile,
   * or the model has no chat template and one is needed.
   */
  PromptReader(RunConfig.Prompts prompts, FileStore files, ChatPrompts chat) {
    this.prompts = prompts;
    this.files = files;
    this.chat = chat;
    this.prompt = prompts.prompt() == null ? null : TextRule.of(prompts.prompt(), prompts.key());
    this.ids = new DocumentIds(prompts.id());
    if (prompts.isChat() && !chat.available()) {
      throw UsageException.config(prompts.key(), chat.missing());
    }
    open(bad -> {}).close();
  }

  /** Value of the {@code task} column. */
  String task() {
    return TASK + prompts.name();
  }

  /**
   * Reads every document, in the order of files and records.
   *
   * @param documents hears each document's id and prompt
   * @param failures hears records that cannot be read, lack a field, or that a template refuses
   */
  void read(BiConsumer<String, String> documents, Consumer<BadRecord> failures) {
    try (Stream<Document> stream = open(failures)) {
      stream.forEach(
          document -> {
            try {
              String text = text(document.fields());
              String problem = DocumentIds.problem(document, prompts.id());
              if (problem != null) {
                throw new DataException(DataErrorCode.DOCUMENT_INVALID, problem);
              }
              documents.accept(ids.of(document), text);
            } catch (DataException e) {
              failures.accept(
                  new BadRecord(document.source(), document.line(), e.code(), e.getMessage()));
            }
          });
    }
  }

  private Stream<Document> open(Consumer<BadRecord> failures) {
    return DocumentReader.read(
        files, List.of(prompts.data().path()), prompts.data().options(), failures);
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
