package io.assay.job.lines;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;

/** A line of {@code score} or {@code generate}, read. */
public sealed interface InputLine {
  /** The line's {@code id} as it was given, its number when it has none. */
  JsonNode id();

  /** The line's {@code domain}, empty when it has none. */
  default String domain() {
    return "";
  }

  /** A pair, or what is wrong with it. */
  static InputLine pair(JsonNode id, String domain, String context, String continuation) {
    return continuation.isEmpty()
        ? new Bad(id, "FIELD_INVALID", "continuation is empty, so there is nothing to score")
        : new Pair(id, domain, context, continuation);
  }

  /** Score the continuation after the context. */
  record Pair(JsonNode id, String domain, String context, String continuation)
      implements InputLine {}

  /** Score the whole text in disjoint windows. */
  record Rolling(JsonNode id, String domain, String text) implements InputLine {}

  /** Score {@code tokens[from..]}. */
  record Tokens(JsonNode id, String domain, int[] tokens, int from) implements InputLine {}

  /** Continue the prompt. */
  record Prompt(JsonNode id, String prompt) implements InputLine {}

  /**
   * Answer the conversation.
   *
   * @param messages as the line has them
   * @param variables for the chat template, {@code chat_template_kwargs} of the line
   */
  record Chat(JsonNode id, List<Map<String, Object>> messages, Map<String, Object> variables)
      implements InputLine {}

  /** A line that says nothing answerable. */
  record Bad(JsonNode id, String code, String message) implements InputLine {}
}
