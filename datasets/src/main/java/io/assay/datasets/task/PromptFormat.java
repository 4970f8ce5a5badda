package io.assay.datasets.task;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * How a run has the prompts of its tasks: as plain text or as conversations.
 *
 * @param systemInstruction in front of every task's description, null if there is none
 * @param chat the model's chat template, null for plain text
 * @param fewshotAsMultiturn whether each example is a turn of the conversation; otherwise they
 *     stand with the question in one user's message
 */
public record PromptFormat(String systemInstruction, Chat chat, boolean fewshotAsMultiturn) {
  /** Prompts as the task files have them. */
  public static final PromptFormat PLAIN = new PromptFormat(null, null, false);

  /** A chat template. */
  @FunctionalInterface
  public interface Chat {
    /**
     * The prompt of a conversation.
     *
     * @param messages each with {@code role} and {@code content}
     * @param continueLast the last message is the begin of the answer: the prompt ends with it
     * @throws io.assay.datasets.DataException TEMPLATE_INVALID if the template refuses them
     */
    String render(List<Map<String, String>> messages, boolean continueLast);
  }

  boolean isChat() {
    return chat != null;
  }

  /** The prompt of these messages, of which there is at least one. */
  String text(List<Message> messages) {
    if (chat == null) {
      return joined(messages);
    }
    List<Message> turns = fewshotAsMultiturn ? messages : oneTurn(messages);
    return chat.render(
        turns.stream().map(Message::turn).toList(),
        turns.getLast().role().equals(Message.ASSISTANT));
  }

  /** System message, one user's message, and the begin of the answer if there is one. */
  private static List<Message> oneTurn(List<Message> messages) {
    List<Message> turns = new ArrayList<>();
    int from = messages.getFirst().role().equals(Message.SYSTEM) ? 1 : 0;
    int last = messages.size() - 1;
    int to = messages.get(last).role().equals(Message.ASSISTANT) ? last : last + 1;
    turns.addAll(messages.subList(0, from));
    String user =
        joined(messages.subList(from, to - 1)) + messages.get(to - 1).withoutDelimiter().text();
    turns.add(new Message(Message.USER, user, ""));
    turns.addAll(messages.subList(to, last + 1));
    return turns;
  }

  private static String joined(List<Message> messages) {
    return messages.stream().map(Message::text).collect(Collectors.joining());
  }
}
