package io.assay.eval.chat;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Messages as records hold them, checked. */
public final class Conversation {
  private Conversation() {}

  /**
   * A conversation for a chat template.
   *
   * @param field where it stands in its record, for errors
   * @param value a list of maps with {@code role} and {@code content} (a text or a list of parts)
   * @throws InvalidConversation if it is anything else
   */
  public static List<Map<String, Object>> of(String field, Object value)
      throws InvalidConversation {
    if (!(value instanceof List<?> list) || list.isEmpty()) {
      throw invalid(
          field
              + " is a list of at least one {role, content}, found "
              + (value instanceof List ? "an empty one" : kind(value)));
    }
    List<Map<String, Object>> messages = new ArrayList<>();
    for (Object one : list) {
      String where = field + "." + messages.size();
      if (!(one instanceof Map<?, ?> map)) {
        throw invalid(where + " is {role, content}, found " + kind(one));
      }
      if (!(map.get("role") instanceof String)) {
        throw invalid(where + ".role is text, found " + kind(map.get("role")));
      }
      Object content = map.get("content");
      if (!map.containsKey("content") && map.size() == 1) {
        throw new InvalidConversation(true, where + ".content is missing");
      }
      if (!(content == null || content instanceof String || content instanceof List)) {
        throw invalid(where + ".content is text or a list of parts, found " + kind(content));
      }
      messages.add(named(map));
    }
    return messages;
  }

  /**
   * A conversation's own variables for the chat template.
   *
   * @param value a map, or null for none
   * @throws InvalidConversation if it is anything else
   */
  public static Map<String, Object> variables(String field, Object value)
      throws InvalidConversation {
    if (value == null) {
      return Map.of();
    }
    if (!(value instanceof Map<?, ?> map)) {
      throw invalid(field + " is an object, found " + kind(value));
    }
    return named(map);
  }

  private static Map<String, Object> named(Map<?, ?> map) {
    Map<String, Object> named = new LinkedHashMap<>();
    map.forEach((key, value) -> named.put(String.valueOf(key), value));
    return named;
  }

  private static String kind(Object value) {
    return switch (value) {
      case null -> "nothing";
      case String text -> "text";
      case Number number -> "the number " + number;
      case Boolean flag -> flag.toString();
      case List<?> list -> "a list";
      default -> "an object";
    };
  }

  private static InvalidConversation invalid(String message) {
    return new InvalidConversation(false, message);
  }
}
