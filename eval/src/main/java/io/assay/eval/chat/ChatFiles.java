package io.assay.eval.chat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.assay.engine.EngineException;
import io.assay.engine.ErrorCode;
import io.assay.engine.config.StrictJson;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Where a model folder keeps its chat template and the texts of its special tokens. */
final class ChatFiles {
  private static final String KEY = "chat_template";
  private static final String CONFIG = "tokenizer_config.json";
  private static final long MAX_BYTES = 16L << 20;
  private static final List<String> SPECIAL =
      List.of("bos_token", "eos_token", "unk_token", "sep_token", "pad_token", "cls_token");

  private ChatFiles() {}

  /**
   * A template's text.
   *
   * @param where what to call it in errors
   */
  record Source(String text, String where) {}

  /** The template as transformers finds it: a file of its own wins over tokenizer_config.json. */
  static Optional<Source> template(Path folder) {
    Path file = folder.resolve("chat_template.jinja");
    if (Files.exists(file)) {
      return Optional.of(new Source(utf8(file), file.toString()));
    }
    return inJson(folder.resolve(CONFIG)).or(() -> inJson(folder.resolve("chat_template.json")));
  }

  private static Optional<Source> inJson(Path file) {
    JsonNode template = object(file).get(KEY);
    if (template == null || template.isNull()) {
      return Optional.empty();
    }
    String where = file + ": " + KEY;
    if (template.isTextual()) {
      return Optional.of(new Source(template.textValue(), where));
    }
    List<String> names = new ArrayList<>();
    if (template.isArray()) {
      for (JsonNode named : template) {
        String name = named.path("name").asText("");
        names.add(name);
        if (name.equals("default") && named.path("template").isTextual()) {
          return Optional.of(new Source(named.get("template").textValue(), where + " 'default'"));
        }
      }
    }
    throw new EngineException(
        ErrorCode.TOKENIZER_INVALID,
        "%s is %s, but must be a text or a list of named templates, one of them 'default'"
            .formatted(
                where,
                template.isArray()
                    ? "a list of the templates " + names
                    : StrictJson.describe(template)));
  }

  /** {@code bos_token} and the like by name, those that are set. */
  static Map<String, String> specialTokens(Path folder) {
    ObjectNode config = object(folder.resolve(CONFIG));
    ObjectNode map = object(folder.resolve("special_tokens_map.json"));
    Map<String, String> tokens = new LinkedHashMap<>();
    for (String name : SPECIAL) {
      JsonNode token = config.hasNonNull(name) ? config.get(name) : map.get(name);
      if (token != null && token.isObject()) {
        token = token.get("content");
      }
      if (token != null && token.isTextual()) {
        tokens.put(name, token.textValue());
      }
    }
    return tokens;
  }

  private static ObjectNode object(Path file) {
    return Files.exists(file)
        ? StrictJson.readObject(file, MAX_BYTES, ErrorCode.TOKENIZER_INVALID)
        : JsonNodeFactory.instance.objectNode();
  }

  private static String utf8(Path file) {
    byte[] bytes = StrictJson.readBytes(file, MAX_BYTES, ErrorCode.TOKENIZER_INVALID);
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new EngineException(ErrorCode.TOKENIZER_INVALID, file + " is not UTF-8", e);
    }
  }
}
