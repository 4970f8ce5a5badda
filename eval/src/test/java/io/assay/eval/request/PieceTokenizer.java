package io.assay.eval.request;

import io.assay.engine.tokenizer.Tokenizer;
import java.util.ArrayList;
import java.util.List;

/**
 * A tokenizer with one id for each code point, except that "th" and "the" are one token each,
 * longest first: enough for a continuation to melt into the end of its context.
 */
record PieceTokenizer() implements Tokenizer {
  static final int BOS = 0x110000;
  static final int EOS = 0x110001;
  private static final List<String> PIECES = List.of("the", "th");
  private static final int FIRST_PIECE = 0x110002;

  @Override
  public int[] encode(String text) {
    List<Integer> ids = new ArrayList<>();
    int at = 0;
    while (at < text.length()) {
      int piece = 0;
      while (piece < PIECES.size() && !text.startsWith(PIECES.get(piece), at)) {
        piece++;
      }
      if (piece < PIECES.size()) {
        ids.add(FIRST_PIECE + piece);
        at += PIECES.get(piece).length();
      } else {
        ids.add(text.codePointAt(at));
        at += Character.charCount(text.codePointAt(at));
      }
    }
    return ids.stream().mapToInt(Integer::intValue).toArray();
  }

  @Override
  public String decode(int[] ids, boolean skipSpecial) {
    StringBuilder text = new StringBuilder();
    for (int id : ids) {
      if (!(skipSpecial && (id == BOS || id == EOS))) {
        text.append(token(id));
      }
    }
    return text.toString();
  }

  @Override
  public String token(int id) {
    return switch (id) {
      case BOS -> "<bos>";
      case EOS -> "<eos>";
      default ->
          id >= FIRST_PIECE ? PIECES.get(id - FIRST_PIECE) : new String(Character.toChars(id));
    };
  }

  @Override
  public int size() {
    return FIRST_PIECE + PIECES.size();
  }

  @Override
  public int bosId() {
    return BOS;
  }

  @Override
  public boolean addBos() {
    return false;
  }

  @Override
  public String fingerprint() {
    return "pieces";
  }

  @Override
  public void close() {}
}
