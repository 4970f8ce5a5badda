package io.assay.engine.generate;

import io.assay.engine.tokenizer.TextStream;
import java.util.List;

/**
 * Follows a continuation's text token by token and says when a stop text has come, at a cost that
 * does not grow with the text: only the end of it that a stop text may still begin in is kept.
 *
 * <p>With reasoning, nothing stops while the text is, or may still become, a thinking part.
 */
final class TextWatch {
  private enum Phase {
    /** White space, or the begin of an opening mark. */
    START,
    THINKING,
    /** White space behind the closing mark. */
    SPACE,
    ANSWER
  }

  private final TextStream stream;
  private final List<String> stops;
  private final int longest;
  private final StringBuilder window = new StringBuilder(); // end of the text that is settled
  private Phase phase;
  private int begin; // where the phase's part begins, in the window or in what is held back

  /**
   * @param stream of the continuation, nothing added yet
   * @param stops at least one, none empty
   * @param reasoning whether a thinking part is to be passed over
   * @param opened whether the prompt ended with the opening mark
   */
  TextWatch(TextStream stream, List<String> stops, boolean reasoning, boolean opened) {
    this.stream = stream;
    this.stops = stops;
    this.longest = stops.stream().mapToInt(String::length).max().orElseThrow();
    this.phase = !reasoning ? Phase.ANSWER : opened ? Phase.THINKING : Phase.START;
  }

  /** Appends a token; true if a stop text is in the answer now. */
  boolean add(int id) {
    window.append(stream.add(id));
    // What is held back counts as it reads now: a token may hold a stop text and half a character.
    String text = window + stream.held();
    begin = advance(text, begin);
    if (phase == Phase.ANSWER && stops.stream().anyMatch(stop -> text.indexOf(stop, begin) >= 0)) {
      return true;
    }
    int searched =
        switch (phase) {
          case START, SPACE -> begin;
          case THINKING -> window.length() - Reasoning.CLOSE.length() + 1;
          case ANSWER -> window.length() - longest + 1;
        };
    int done = Math.clamp(Math.max(begin, searched), 0, window.length());
    window.delete(0, done);
    begin = Math.max(0, begin - done);
    return false;
  }

  /** Moves through the phases; where in {@code text} the part of the new one begins. */
  private int advance(String text, int old) {
    int from = old;
    if (phase == Phase.START) {
      int mark = Reasoning.skipSpace(text, from);
      if (text.startsWith(Reasoning.OPEN, mark)) {
        phase = Phase.THINKING;
        from = mark + Reasoning.OPEN.length();
      } else if (!Reasoning.OPEN.startsWith(text.substring(mark))) {
        phase = Phase.ANSWER;
      }
    }
    if (phase == Phase.THINKING) {
      int close = text.indexOf(Reasoning.CLOSE, from);
      if (close < 0) {
        return from;
      }
      phase = Phase.SPACE;
      from = close + Reasoning.CLOSE.length();
    }
    if (phase == Phase.SPACE) {
      from = Reasoning.skipSpace(text, from);
      if (from < text.length()) {
        phase = Phase.ANSWER;
      }
    }
    return from;
  }
}
