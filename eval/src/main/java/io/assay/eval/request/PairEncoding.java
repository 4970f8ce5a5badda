package io.assay.eval.request;

import io.assay.eval.text.PythonText;
import java.util.Arrays;

/**
 * Token ids of a context and its continuation, as the harness cuts them ({@code _encode_pair} of
 * {@code lm_eval/api/model.py}).
 *
 * @param context ids in front, at least one
 * @param continuation ids to score; empty only if the continuation has no tokens at all
 * @param separate the cut would have left nothing, so the continuation was encoded alone
 */
@SuppressWarnings("ArrayRecordComponent") // never compared, ids by the million
record PairEncoding(int[] context, int[] continuation, boolean separate) {

  /**
   * Encodes a pair. Trailing whitespace of the context belongs to the continuation; both are
   * encoded as one text, and the context is as long as it is when encoded alone. An empty context
   * is the prefix token.
   */
  static PairEncoding of(Encoding encoding, String context, String continuation) {
    if (context.isEmpty()) {
      return withoutContext(encoding, continuation);
    }
    int cut = PythonText.lengthWithoutTrailingSpace(context);
    String moved = context.substring(cut) + continuation;
    int[] contextIds = encoding.encode(context.substring(0, cut));
    if (contextIds.length == 0) {
      // A context of nothing but whitespace.
      return withoutContext(encoding, moved);
    }
    int[] whole = encoding.encode(context + continuation);
    if (whole.length > contextIds.length) {
      return new PairEncoding(
          contextIds, Arrays.copyOfRange(whole, contextIds.length, whole.length), false);
    }
    // The tokenizer merged the continuation into the context's last token.
    return new PairEncoding(contextIds, encoding.encodePlain(moved), true);
  }

  private static PairEncoding withoutContext(Encoding encoding, String continuation) {
    int[] ids = encoding.encodePlain(continuation);
    int prefix = encoding.requirePrefixId();
    if (ids.length > 0 && ids[0] == prefix) {
      // The text brings its own prefix, which must not stand there twice.
      return new PairEncoding(new int[] {prefix}, Arrays.copyOfRange(ids, 1, ids.length), false);
    }
    return new PairEncoding(new int[] {prefix}, ids, false);
  }

  /** Both, one after the other. */
  int[] joined() {
    int[] all = Arrays.copyOf(context, context.length + continuation.length);
    System.arraycopy(continuation, 0, all, context.length, continuation.length);
    return all;
  }
}
