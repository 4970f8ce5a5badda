package io.assay.datasets.task;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One message of a prompt, before it is known whether the prompt is plain text or a conversation.
 *
 * @param role {@code system}, {@code user} or {@code assistant}
 * @param content its text
 * @param delimiter what follows it in plain text; no part of a conversation
 */
record Message(String role, String content, String delimiter) {
  static final String SYSTEM = "system";
  static final String USER = "user";
  static final String ASSISTANT = "assistant";

  /** In plain text. */
  String text() {
    return content + delimiter;
  }

  /** What a chat template sees. */
  Map<String, String> turn() {
    Map<String, String> turn = new LinkedHashMap<>();
    turn.put("role", role);
    turn.put("content", content);
    return turn;
  }

  Message withoutDelimiter() {
    return new Message(role, content, "");
  }
}
