package io.assay.engine.tokenizer;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.assay.engine.EngineException;
import io.assay.engine.ErrorCode;
import io.assay.engine.config.StrictJson;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/**
 * The entries of tokenizer.json, which the native library does not give out: the model's vocabulary
 * and the added tokens.
 *
 * @param idOf entry, as spelled in the file, to id
 * @param entryOf id to entry, as spelled in the file
 */
record Vocabulary(Map<String, Integer> idOf, Map<Integer, String> entryOf) {

  /** Largest id accepted; a guard, not a limit any vocabulary comes near. */
  private static final int MAX_ID = 1 << 28;

  /**
   * Reads {@code model.vocab} (an object) and {@code added_tokens}.
   *
   * @param file name for messages
   * @param json content of tokenizer.json
   */
  static Vocabulary read(String file, byte[] json) {
    Vocabulary vocabulary = new Vocabulary(new HashMap<>(), new HashMap<>());
    try (JsonParser parser = StrictJson.parser(json)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw invalid(file, "it is not a JSON object");
      }
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String key = parser.currentName();
        JsonToken value = parser.nextToken();
        switch (key) {
          case "added_tokens" -> vocabulary.readAdded(file, parser, value);
          case "model" -> vocabulary.readModel(file, parser, value);
          default -> parser.skipChildren();
        }
      }
      if (parser.nextToken() != null) {
        throw invalid(file, "it has text behind its JSON object");
      }
    } catch (IOException e) {
      throw StrictJson.notJson(file, ErrorCode.TOKENIZER_INVALID, e);
    }
    if (vocabulary.entryOf.isEmpty()) {
      throw invalid(file, "it has no model.vocab with token ids");
    }
    return vocabulary;
  }

  private void readModel(String file, JsonParser parser, JsonToken start) throws IOException {
    if (start != JsonToken.START_OBJECT) {
      throw invalid(file, "its model is not an object");
    }
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String key = parser.currentName();
      JsonToken value = parser.nextToken();
      if (!key.equals("vocab") || value != JsonToken.START_OBJECT) {
        parser.skipChildren();
        continue;
      }
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String entry = parser.currentName();
        parser.nextToken();
        put(file, entry, id(file, parser));
      }
    }
  }

  private void readAdded(String file, JsonParser parser, JsonToken start) throws IOException {
    if (start == JsonToken.VALUE_NULL) {
      return;
    }
    if (start != JsonToken.START_ARRAY) {
      throw invalid(file, "its added_tokens are not an array");
    }
    while (parser.nextToken() == JsonToken.START_OBJECT) {
      String content = null;
      int id = -1;
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String key = parser.currentName();
        JsonToken value = parser.nextToken();
        if (key.equals("content") && value == JsonToken.VALUE_STRING) {
          content = parser.getText();
        } else if (key.equals("id")) {
          id = id(file, parser);
        } else {
          parser.skipChildren();
        }
      }
      if (content == null || id < 0) {
        throw invalid(file, "an added token lacks its content or id");
      }
      put(file, content, id);
    }
    if (parser.currentToken() != JsonToken.END_ARRAY) {
      throw invalid(file, "its added_tokens hold something that is not an object");
    }
  }

  private static int id(String file, JsonParser parser) throws IOException {
    boolean integer =
        parser.currentToken() == JsonToken.VALUE_NUMBER_INT
            && parser.getNumberType() == JsonParser.NumberType.INT;
    if (!integer || parser.getIntValue() < 0 || parser.getIntValue() > MAX_ID) {
      throw invalid(file, "a token id is not an integer from 0 to " + MAX_ID);
    }
    return parser.getIntValue();
  }

  private void put(String file, String entry, int id) {
    Integer before = idOf.put(entry, id);
    if (before != null && before != id) {
      throw invalid(file, "the token '%s' has two ids, %d and %d".formatted(entry, before, id));
    }
    entryOf.put(id, entry);
  }

  private static EngineException invalid(String file, String found) {
    return new EngineException(
        ErrorCode.TOKENIZER_INVALID, file + " is not a tokenizer this engine can use: " + found);
  }
}
