package io.assay.engine.tokenizer;

import java.nio.file.Path;

/** Text to token ids and back, exactly as the checkpoint's tokenizer.json says. Thread-safe. */
public interface Tokenizer extends AutoCloseable {
  /**
   * Reads tokenizer.json and, where there is one, tokenizer_config.json of a model folder. Nothing
   * is fetched from a network.
   *
   * @throws io.assay.engine.EngineException {@code MODEL_NOT_FOUND} when there is no
   *     tokenizer.json, {@code TOKENIZER_INVALID} when a file is not what its name says
   */
  static Tokenizer open(Path folder) {
    return HuggingFaceTokenizer.open(folder);
  }

  /**
   * Token ids of the text alone, nothing added in front or behind, never truncated. An unpaired
   * surrogate is read as U+FFFD.
   */
  int[] encode(String text);

  /**
   * Text of the ids; invalid UTF-8 becomes U+FFFD, one for each maximal invalid part. As in the
   * Hugging Face library, ids the tokenizer does not know (a model's padding rows) have no text;
   * negative ids are {@code REQUEST_INVALID}.
   */
  String decode(int[] ids, boolean skipSpecial);

  /**
   * Text of one id for tables, never null: its own text, the vocabulary's spelling when it is only
   * part of a character, {@code <id N>} when the tokenizer does not have it.
   */
  String token(int id);

  /** Entries of the tokenizer; at most the model's {@code vocab_size}. */
  int size();

  /** Id of the beginning-of-text token, or -1. */
  int bosId();

  /** {@code add_bos_token} of tokenizer_config.json; false when absent. Implies a BOS id. */
  boolean addBos();

  /** Hexadecimal SHA-256 of the files that define the tokenizer. */
  String fingerprint();

  @Override
  void close();
}
