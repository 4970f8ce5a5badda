package io.assay.engine.config;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.assay.engine.EngineException;
import io.assay.engine.ErrorCode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * JSON from files nobody vouches for: well-formed UTF-8 only, no duplicate keys, bounded size and
 * nesting, nothing behind the value. Every failure becomes one sentence.
 */
public final class StrictJson {
  private static final int MAX_NESTING = 64;
  private static final int MAX_NUMBER_LENGTH = 64;

  // Names are neither interned nor kept in symbol tables: a checkpoint has 100,000 different ones,
  // and crafted collisions must not matter.
  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(MAX_NESTING)
                  .maxNumberLength(MAX_NUMBER_LENGTH)
                  .build())
          .configure(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES, false)
          .configure(JsonFactory.Feature.INTERN_FIELD_NAMES, false)
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
          .disable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
          .build();

  private static final ObjectMapper MAPPER =
      JsonMapper.builder(FACTORY)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
          .build();

  private StrictJson() {}

  /**
   * Reads a file whose whole content is one JSON object.
   *
   * @param file the file
   * @param maxBytes larger files are refused unread
   * @param invalid code of the exception when the content is not such an object; a file that is
   *     missing or unreadable is always {@code MODEL_NOT_FOUND}
   */
  public static ObjectNode readObject(Path file, long maxBytes, ErrorCode invalid) {
    byte[] bytes = readBytes(file, maxBytes, invalid);
    JsonNode node;
    try (JsonParser parser = parser(bytes)) {
      node = MAPPER.readTree(parser);
      if (parser.nextToken() != null) {
        throw new EngineException(invalid, file + " has text behind its JSON object; remove it");
      }
    } catch (IOException e) {
      throw notJson(file.toString(), invalid, e);
    }
    if (node instanceof ObjectNode object) {
      return object;
    }
    throw new EngineException(
        invalid, file + " must hold a JSON object, but holds " + describe(node));
  }

  /** All bytes of a regular file of at most {@code maxBytes}; see {@link #readObject}. */
  public static byte[] readBytes(Path file, long maxBytes, ErrorCode invalid) {
    try {
      if (Files.exists(file) && !Files.isRegularFile(file)) {
        throw new EngineException(ErrorCode.MODEL_NOT_FOUND, file + " is not a regular file");
      }
      long size = Files.size(file);
      if (size > maxBytes) {
        throw new EngineException(
            invalid,
            "%s has %,d bytes, more than the %,d such a file may have"
                .formatted(file, size, maxBytes));
      }
      try (InputStream in = Files.newInputStream(file)) {
        return in.readNBytes((int) maxBytes);
      }
    } catch (NoSuchFileException e) {
      throw new EngineException(
          ErrorCode.MODEL_NOT_FOUND, file + " does not exist; check the model folder", e);
    } catch (IOException e) {
      throw new EngineException(
          ErrorCode.MODEL_NOT_FOUND, file + " cannot be read: " + e.getMessage(), e);
    }
  }

  /**
   * A parser over the bytes of one JSON text. It throws {@link IOException} (see {@link #notJson})
   * at the first byte that is not UTF-8 and at the first duplicate key; the caller closes it.
   */
  public static JsonParser parser(byte[] bytes) throws IOException {
    // A reader of our own: the factory would guess UTF-16 and UTF-32 and repair bad UTF-8.
    return FACTORY.createParser(
        new InputStreamReader(
            new ByteArrayInputStream(bytes),
            StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT)));
  }

  /** The exception for a text of which {@link #parser} could not make sense. */
  public static EngineException notJson(String what, ErrorCode invalid, IOException e) {
    String reason =
        switch (e) {
          case CharacterCodingException ignored -> "it is not UTF-8";
          case JsonProcessingException j -> firstLine(j.getOriginalMessage());
          default -> firstLine(String.valueOf(e.getMessage()));
        };
    return new EngineException(invalid, what + " is not valid JSON: " + reason, e);
  }

  /** A JSON value in a few words, for messages. */
  public static String describe(JsonNode node) {
    if (node == null || node.isMissingNode()) {
      return "nothing";
    }
    if (node.isObject()) {
      return "an object";
    }
    if (node.isArray()) {
      return "an array";
    }
    String text = node.toString();
    return text.length() <= 60 ? text : text.substring(0, 60) + "...";
  }

  private static String firstLine(String text) {
    int end = text.indexOf('\n');
    String line = end < 0 ? text : text.substring(0, end);
    return line.length() <= 200 ? line : line.substring(0, 200) + "...";
  }
}
