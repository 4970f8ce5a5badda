package io.assay.engine.generate;

import io.assay.engine.tokenizer.Tokenizer;
import java.util.Arrays;

/**
 * The text of a model that thinks aloud first, R1-style. The thinking part is what stands between
 * {@code <think>} and the first {@code </think>}; it begins where the text begins, or in the prompt
 * when that ends with {@code <think>}. White space (space, tab, line end) in front of {@code
 * <think>} and behind {@code </think>} belongs to neither part. A thinking part that does not end
 * leaves no answer.
 *
 * @param thinking null if there is no thinking part
 * @param answer what follows it, the text that stop texts and filters see
 */
record Reasoning(String thinking, String answer) {
  static final String OPEN = "<think>";
  static final String CLOSE = "</think>";

  /** Tokens at the end of a prompt that hold the opening mark and the white space behind it. */
  private static final int PROMPT_END = 24;

  /**
   * Both parts of a continuation.
   *
   * @param opened whether the prompt ends with the opening mark
   */
  static Reasoning split(String text, boolean opened) {
    int from = begin(text, opened);
    if (from < 0) {
      return new Reasoning(null, text);
    }
    int close = text.indexOf(CLOSE, from);
    return close < 0
        ? new Reasoning(text.substring(from), "")
        : new Reasoning(
            text.substring(from, close), text.substring(skipSpace(text, close + CLOSE.length())));
  }

  /** Whether the text has a thinking part that ends in it; parameters as in {@link #split}. */
  static boolean closes(String text, boolean opened) {
    int from = begin(text, opened);
    return from >= 0 && text.indexOf(CLOSE, from) >= 0;
  }

  /** Where the thinking part begins, -1 if there is none. */
  private static int begin(String text, boolean opened) {
    if (opened) {
      return 0;
    }
    int start = skipSpace(text, 0);
    return text.startsWith(OPEN, start) ? start + OPEN.length() : -1;
  }

  /** Index of the first character from {@code from} on that is no white space. */
  static int skipSpace(String text, int from) {
    int at = from;
    while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
    return at;
  }

  /** Whether the prompt ends with the opening mark, so that the continuation begins inside. */
  static boolean opens(Tokenizer tokenizer, int[] prompt) {
    int from = Math.max(0, prompt.length - PROMPT_END);
    String end = tokenizer.decode(Arrays.copyOfRange(prompt, from, prompt.length), false);
    return end.stripTrailing().endsWith(OPEN);
  }

  /** Whether the marks vanish with the special tokens, so that these must be decoded too. */
  static boolean marksAreSpecial(Tokenizer tokenizer) {
    return tokenizer.decode(tokenizer.encode(CLOSE), true).isEmpty();
  }
}
