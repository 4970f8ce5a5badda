package io.assay.engine.tokenizer;

import java.util.Arrays;

/**
 * The text of a growing list of token ids, without its unfinished end: bytes of a character whose
 * rest may still come are held back, so that text once returned never changes.
 *
 * <p>Each call decodes only the ids behind the last finished character, after those before it for
 * context (decoders may treat the first token of a text specially). Not thread-safe.
 */
public final class TextStream {
  private static final char REPLACEMENT = '\uFFFD';

  /** More held-back ids than this do not wait for one character: part of them is settled. */
  private static final int MAX_HELD = 16;

  /** Ids an unfinished character may be spread over, and some more. */
  private static final int OPEN_END = 8;

  private final Tokenizer tokenizer;
  private final boolean skipSpecial;
  private final StringBuilder text = new StringBuilder();

  private int[] ids = new int[16];
  private int size;
  private int contextFrom; // ids from here to pendingFrom are in the text already
  private int pendingFrom; // ids from here on are not
  private String held = "";

  /** An empty text; {@code skipSpecial} as in {@link Tokenizer#decode}. */
  public TextStream(Tokenizer tokenizer, boolean skipSpecial) {
    this.tokenizer = tokenizer;
    this.skipSpecial = skipSpecial;
  }

  /**
   * Appends an id.
   *
   * @return what became readable, often one word, empty while a character is unfinished
   */
  public String add(int id) {
    if (size == ids.length) {
      ids = Arrays.copyOf(ids, 2 * size);
    }
    ids[size++] = id;
    String pending = pending();
    if (pending.isEmpty()) {
      size--; // an id without text, such as a special one, changes no text around it
      return "";
    }
    if (pending.charAt(pending.length() - 1) != REPLACEMENT) {
      commit(pending, size);
      held = "";
      return pending;
    }
    String settled = size - pendingFrom > MAX_HELD ? settle(pending) : "";
    held = pending.substring(settled.length());
    return settled;
  }

  /**
   * Bytes that never become characters would be held back forever: what is followed by more text
   * and is spelled the same with and without it is done.
   */
  private String settle(String pending) {
    int end = size - OPEN_END;
    String context = decode(contextFrom, pendingFrom);
    String head = decode(contextFrom, end).substring(context.length());
    if (head.isEmpty() || head.length() == pending.length() || !pending.startsWith(head)) {
      return "";
    }
    commit(head, end);
    return head;
  }

  /**
   * Ends the text.
   *
   * @return what was held back: U+FFFD for bytes that never became a character
   */
  public String finish() {
    String pending = pending();
    commit(pending, size);
    held = "";
    return pending;
  }

  /**
   * What is held back, as it reads now: it ends with U+FFFD, which may still become a character.
   */
  public String held() {
    return held;
  }

  /** Everything returned so far. */
  public String text() {
    return text.toString();
  }

  private String pending() {
    String context = decode(contextFrom, pendingFrom);
    return decode(contextFrom, size).substring(context.length());
  }

  private void commit(String pending, int end) {
    text.append(pending);
    contextFrom = pendingFrom;
    pendingFrom = end;
  }

  private String decode(int from, int to) {
    return from == to ? "" : tokenizer.decode(Arrays.copyOfRange(ids, from, to), skipSpecial);
  }
}
