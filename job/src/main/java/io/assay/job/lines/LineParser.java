package io.assay.job.lines;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.LongNode;
import io.assay.eval.chat.Conversation;
import io.assay.eval.chat.InvalidConversation;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Reads the lines of {@code score} and {@code generate}; what is wrong with one stays in it. */
final class LineParser {
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          // An id goes back as it came.
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
          .build();

  private static final String VARIABLES = "chat_template_kwargs";

  private final int vocabSize;

  /**
   * @param vocabSize token ids of lines lie below
   */
  LineParser(int vocabSize) {
    this.vocabSize = vocabSize;
  }

  /** A line of {@code score}; null for an empty line. */
  InputLine score(RawLine raw) {
    return parse(raw, true);
  }

  /** A line of {@code generate}; null for an empty line. */
  InputLine generate(RawLine raw) {
    return parse(raw, false);
  }

  private InputLine parse(RawLine raw, boolean score) {
    JsonNode id = LongNode.valueOf(raw.number());
    try {
      if (raw.bytes() == null) {
        throw new Defect(
            "LINE_TOO_LONG", "the line is longer than " + LineReader.MAX_LINE_BYTES + " bytes");
      }
      String text = decode(raw.bytes());
      if (text.isBlank()) {
        return null;
      }
      JsonNode root = json(text);
      if (!root.isObject()) {
        throw new Defect("JSON_INVALID", "a line is a JSON object, found " + kind(root));
      }
      JsonNode given = root.get("id");
      if (given != null && !given.isNull()) {
        if (!given.isValueNode()) {
          throw new Defect("FIELD_INVALID", "id is text or a number, found " + kind(given));
        }
        id = given;
      }
      return score ? scoreLine(id, root) : generateLine(id, root);
    } catch (Defect e) {
      return new InputLine.Bad(id, e.code, e.getMessage());
    }
  }

  private InputLine scoreLine(JsonNode id, JsonNode root) throws Defect {
    if (root.has("tokens")) {
      return tokens(id, root);
    }
    if (root.has("text")) {
      return new InputLine.Rolling(id, domain(root), text(root, "text"));
    }
    if (root.has("context") || root.has("continuation")) {
      return InputLine.pair(id, domain(root), text(root, "context"), text(root, "continuation"));
    }
    throw new Defect(
        "FIELD_MISSING", "a line to score has context and continuation, or text, or tokens");
  }

  /** Only some commands group by it, so what is no text or number is as good as none. */
  private static String domain(JsonNode root) {
    JsonNode domain = root.get("domain");
    return domain == null || domain.isNull() || !domain.isValueNode() ? "" : domain.asText();
  }

  private InputLine tokens(JsonNode id, JsonNode root) throws Defect {
    JsonNode array = root.get("tokens");
    if (!array.isArray()) {
      throw new Defect("FIELD_INVALID", "tokens is a list of token ids, found " + kind(array));
    }
    int[] tokens = new int[array.size()];
    for (int i = 0; i < tokens.length; i++) {
      JsonNode token = array.get(i);
      if (!token.isIntegralNumber()) {
        throw new Defect("FIELD_INVALID", "tokens." + i + " is a token id, found " + kind(token));
      }
      if (!token.canConvertToInt() || token.intValue() < 0 || token.intValue() >= vocabSize) {
        throw new Defect(
            "TOKEN_OUT_OF_RANGE",
            "tokens." + i + " is " + token + ", the model's vocabulary ends at " + (vocabSize - 1));
      }
      tokens[i] = token.intValue();
    }
    if (tokens.length < 2) {
      throw new Defect(
          "FIELD_INVALID", "tokens has " + tokens.length + " ids; the first is never scored");
    }
    JsonNode from = root.get("from");
    if (from == null || from.isNull()) {
      return new InputLine.Tokens(id, domain(root), tokens, 1);
    }
    if (!from.isIntegralNumber()
        || !from.canConvertToInt()
        || from.intValue() < 1
        || from.intValue() >= tokens.length) {
      throw new Defect(
          "FIELD_INVALID",
          "from is " + from + ", expected an index from 1 to " + (tokens.length - 1));
    }
    return new InputLine.Tokens(id, domain(root), tokens, from.intValue());
  }

  private static InputLine generateLine(JsonNode id, JsonNode root) throws Defect {
    if (root.has("prompt") && root.has("messages")) {
      throw new Defect("FIELD_INVALID", "the line has both a prompt and messages; give one");
    }
    if (root.has("prompt")) {
      return new InputLine.Prompt(id, text(root, "prompt"));
    }
    if (root.has("messages")) {
      return chatLine(id, root);
    }
    throw new Defect("FIELD_MISSING", "a line to generate from has a prompt or messages");
  }

  private static InputLine chatLine(JsonNode id, JsonNode root) throws Defect {
    try {
      return new InputLine.Chat(
          id,
          Conversation.of("messages", JSON.convertValue(root.get("messages"), Object.class)),
          Conversation.variables(VARIABLES, JSON.convertValue(root.get(VARIABLES), Object.class)));
    } catch (InvalidConversation e) {
      throw new Defect(e.missing() ? "FIELD_MISSING" : "FIELD_INVALID", e.getMessage());
    }
  }

  private static String text(JsonNode root, String field) throws Defect {
    JsonNode node = root.get(field);
    if (node == null) {
      throw new Defect("FIELD_MISSING", field + " is missing");
    }
    if (!node.isTextual()) {
      throw new Defect("FIELD_INVALID", field + " is text, found " + kind(node));
    }
    String text = node.textValue();
    if (!StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
      throw new Defect("NOT_UNICODE", field + " holds half of a surrogate pair, which is no text");
    }
    return text;
  }

  private static String decode(byte[] bytes) throws Defect {
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      return text.startsWith("\uFEFF") ? text.substring(1) : text;
    } catch (CharacterCodingException e) {
      throw new Defect("NOT_UTF8", "the line is not UTF-8");
    }
  }

  private static JsonNode json(String text) throws Defect {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      String problem = e.getOriginalMessage().lines().findFirst().orElse("").strip();
      String column = e.getLocation() == null ? "" : " at column " + e.getLocation().getColumnNr();
      throw new Defect("JSON_INVALID", "not JSON" + column + ": " + problem);
    }
  }

  private static String kind(JsonNode node) {
    return switch (node.getNodeType()) {
      case ARRAY -> "a list";
      case OBJECT, POJO -> "an object";
      case STRING, BINARY -> "text";
      case NUMBER -> "the number " + node;
      case BOOLEAN -> node.toString();
      case NULL, MISSING -> "nothing";
    };
  }

  /** What is wrong with a line. */
  private static final class Defect extends Exception {
    private static final long serialVersionUID = 1L;

    private final String code;

    Defect(String code, String message) {
      super(message);
      this.code = code;
    }
  }
}
