package io.assay.eval.request;

import io.assay.engine.tokenizer.Tokenizer;

/**
 * How texts become inputs of a model.
 *
 * @param tokenizer of the model
 * @param maxLength most tokens fed to the model at once
 * @param addBos whether every text is encoded with the beginning token in front
 * @param bosId beginning token, negative if there is none
 * @param eosId end token, negative if there is none
 */
public record Encoding(Tokenizer tokenizer, int maxLength, boolean addBos, int bosId, int eosId) {

  /** Refuses lengths no token fits in, and a beginning token that does not exist. */
  public Encoding {
    if (maxLength < 1) {
      throw new IllegalArgumentException(
          "the maximal length is %d tokens; it must be positive".formatted(maxLength));
    }
    if (addBos && bosId < 0) {
      throw new IllegalArgumentException(
          "a beginning token is asked for in front of every text, but the tokenizer has none; set add_bos to false");
    }
  }

  /**
   * Token ids of a text, with the beginning token in front if {@link #addBos}. It is the only place
   * that adds it, and it does not double one the text itself begins with (chat templates).
   */
  public int[] encode(String text) {
    int[] ids = encodePlain(text);
    if (!addBos || (ids.length > 0 && ids[0] == bosId)) {
      return ids;
    }
    int[] withBos = new int[ids.length + 1];
    withBos[0] = bosId;
    System.arraycopy(ids, 0, withBos, 1, ids.length);
    return withBos;
  }

  /** Token ids of the text alone. */
  public int[] encodePlain(String text) {
    return tokenizer.encode(text);
  }

  /** What an empty context starts with: the beginning token, else the end token, else -1. */
  public int prefixId() {
    return bosId >= 0 ? bosId : eosId;
  }

  /** {@link #prefixId()}, or a rejection of the document that needs it. */
  int requirePrefixId() {
    int prefix = prefixId();
    if (prefix < 0) {
      throw new Rejection(
          RejectionCode.NO_PREFIX_TOKEN,
          "an empty context needs a beginning or end token in front, the tokenizer names neither; add bos_token or eos_token to tokenizer_config.json");
    }
    return prefix;
  }
}
