package io.assay.engine.tokenizer;

import ai.djl.huggingface.tokenizers.jni.TokenizersLibrary;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.assay.engine.EngineException;
import io.assay.engine.ErrorCode;
import io.assay.engine.config.StrictJson;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/** A tokenizer.json in the hands of the Hugging Face library. */
final class HuggingFaceTokenizer implements Tokenizer {
  private static final String JSON = "tokenizer.json";
  private static final String CONFIG = "tokenizer_config.json";
  private static final long MAX_JSON_BYTES = 256L << 20;
  private static final long MAX_CONFIG_BYTES = 16L << 20;
  private static final char REPLACEMENT = '\uFFFD';

  private final TokenizersLibrary library;
  private final Vocabulary vocabulary;
  private final int bosId;
  private final boolean addBos;
  private final String fingerprint;

  // The native tokenizer may be used by many threads at once, but not after it is freed.
  private final ReentrantReadWriteLock lifetime = new ReentrantReadWriteLock();
  private long handle;

  private HuggingFaceTokenizer(
      TokenizersLibrary library,
      long handle,
      Vocabulary vocabulary,
      int bosId,
      boolean addBos,
      String fingerprint) {
    this.library = library;
    this.handle = handle;
    this.vocabulary = vocabulary;
    this.bosId = bosId;
    this.addBos = addBos;
    this.fingerprint = fingerprint;
  }

  static HuggingFaceTokenizer open(Path folder) {
    Path file = folder.resolve(JSON);
    if (!Files.exists(file)) {
      throw new EngineException(
          ErrorCode.MODEL_NOT_FOUND,
          Files.exists(folder.resolve("tiktoken.model"))
              ? "%s has a tiktoken.model but no tokenizer.json; convert it to tokenizer.json with Hugging Face transformers"
                  .formatted(folder)
              : "%s does not exist; copy it from the model's repository".formatted(file));
    }
    byte[] json = StrictJson.readBytes(file, MAX_JSON_BYTES, ErrorCode.TOKENIZER_INVALID);
    Vocabulary vocabulary = Vocabulary.read(file.toString(), json);

    Path configFile = folder.resolve(CONFIG);
    boolean configured = Files.exists(configFile);
    ObjectNode config =
        configured
            ? StrictJson.readObject(configFile, MAX_CONFIG_BYTES, ErrorCode.TOKENIZER_INVALID)
            : JsonNodeFactory.instance.objectNode();
    boolean addBos = addBos(configFile, config);
    int bosId = bosId(folder, config, vocabulary);
    if (addBos && bosId < 0) {
      throw new EngineException(
          ErrorCode.TOKENIZER_INVALID,
          "%s asks for add_bos_token, but neither it nor config.json names a BOS token"
              .formatted(configFile));
    }
    String fingerprint =
        fingerprint(
            json,
            configured
                ? StrictJson.readBytes(configFile, MAX_CONFIG_BYTES, ErrorCode.TOKENIZER_INVALID)
                : new byte[0]);
    TokenizersLibrary library = NativeTokenizers.library();
    long handle = create(library, file, json);
    return new HuggingFaceTokenizer(library, handle, vocabulary, bosId, addBos, fingerprint);
  }

  private static long create(TokenizersLibrary library, Path file, byte[] json) {
    try {
      long handle =
          library.createTokenizerFromString(
              StandardCharsets.UTF_8
                  .newDecoder()
                  .onMalformedInput(CodingErrorAction.REPORT)
                  .decode(ByteBuffer.wrap(json))
                  .toString());
      // tokenizer.json may carry settings of the training run; a score must see the whole text.
      library.disableTruncation(handle);
      library.disablePadding(handle);
      return handle;
    } catch (RuntimeException | CharacterCodingException e) {
      throw new EngineException(
          ErrorCode.TOKENIZER_INVALID,
          "%s is not a tokenizer of the Hugging Face library: %s"
              .formatted(file, Messages.firstLine(e)),
          e);
    }
  }

  private static boolean addBos(Path file, ObjectNode config) {
    JsonNode value = config.get("add_bos_token");
    if (value == null || value.isNull()) {
      return false;
    }
    if (!value.isBoolean()) {
      throw new EngineException(
          ErrorCode.TOKENIZER_INVALID,
          "%s: 'add_bos_token' is %s, but must be true or false"
              .formatted(file, StrictJson.describe(value)));
    }
    return value.booleanValue();
  }

  /** By the token's text in tokenizer_config.json, else by {@code bos_token_id} of config.json. */
  private static int bosId(Path folder, ObjectNode config, Vocabulary vocabulary) {
    JsonNode token = config.get("bos_token");
    if (token != null && token.isObject()) {
      token = token.get("content");
    }
    if (token != null && !token.isNull()) {
      Integer id = token.isTextual() ? vocabulary.idOf().get(token.textValue()) : null;
      if (id == null) {
        throw new EngineException(
            ErrorCode.TOKENIZER_INVALID,
            "%s: 'bos_token' is %s, which %s does not have"
                .formatted(folder.resolve(CONFIG), StrictJson.describe(token), JSON));
      }
      return id;
    }
    Path model = folder.resolve("config.json");
    if (!Files.exists(model)) {
      return -1;
    }
    JsonNode id =
        StrictJson.readObject(model, MAX_CONFIG_BYTES, ErrorCode.CONFIG_INVALID)
            .get("bos_token_id");
    if (id == null || id.isNull()) {
      return -1;
    }
    if (!id.isInt() || !vocabulary.entryOf().containsKey(id.intValue())) {
      throw new EngineException(
          ErrorCode.TOKENIZER_INVALID,
          "%s: 'bos_token_id' is %s, which is no id of %s"
              .formatted(model, StrictJson.describe(id), folder.resolve(JSON)));
    }
    return id.intValue();
  }

  @Override
  public int[] encode(String text) {
    String valid = replaceLoneSurrogates(Objects.requireNonNull(text, "text"));
    return use(
        tokenizer -> {
          long encoding = library.encode(tokenizer, valid, false);
          try {
            return Arrays.stream(library.getTokenIds(encoding))
                .mapToInt(Math::toIntExact)
                .toArray();
          } finally {
            library.deleteEncoding(encoding);
          }
        });
  }

  @Override
  public String decode(int[] ids, boolean skipSpecial) {
    long[] wide = new long[ids.length];
    for (int i = 0; i < ids.length; i++) {
      if (ids[i] < 0) {
        throw new EngineException(
            ErrorCode.REQUEST_INVALID,
            "token id %d at position %d cannot be decoded; ids are not negative"
                .formatted(ids[i], i));
      }
      wide[i] = ids[i];
    }
    return use(tokenizer -> library.decode(tokenizer, wide, skipSpecial));
  }

  @Override
  public String token(int id) {
    String entry = vocabulary.entryOf().get(id);
    if (entry == null) {
      return "<id " + id + ">";
    }
    String text = decode(new int[] {id}, false);
    return text.isEmpty() || text.indexOf(REPLACEMENT) >= 0 ? entry : text;
  }

  @Override
  public int size() {
    return vocabulary.entryOf().size();
  }

  @Override
  public int bosId() {
    return bosId;
  }

  @Override
  public boolean addBos() {
    return addBos;
  }

  @Override
  public String fingerprint() {
    return fingerprint;
  }

  @Override
  public void close() {
    lifetime.writeLock().lock();
    try {
      if (handle != 0) {
        library.deleteTokenizer(handle);
        handle = 0;
      }
    } finally {
      lifetime.writeLock().unlock();
    }
  }

  private interface NativeCall<T> {
    T apply(long tokenizer);
  }

  private <T> T use(NativeCall<T> call) {
    lifetime.readLock().lock();
    try {
      if (handle == 0) {
        throw new IllegalStateException("the tokenizer is closed");
      }
      return call.apply(handle);
    } finally {
      lifetime.readLock().unlock();
    }
  }

  /** Half a character has no UTF-8; as in every decoder it becomes U+FFFD. */
  private static String replaceLoneSurrogates(String text) {
    StringBuilder fixed = null;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (!Character.isSurrogate(c)) {
        continue;
      }
      boolean pair =
          Character.isHighSurrogate(c)
              && i + 1 < text.length()
              && Character.isLowSurrogate(text.charAt(i + 1));
      if (pair) {
        i++;
      } else {
        fixed = fixed == null ? new StringBuilder(text) : fixed;
        fixed.setCharAt(i, REPLACEMENT);
      }
    }
    return fixed == null ? text : fixed.toString();
  }

  private static String fingerprint(byte[] json, byte[] config) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(ByteBuffer.allocate(Long.BYTES).putLong(json.length).flip());
      digest.update(json);
      digest.update(config);
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
