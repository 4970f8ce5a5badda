package io.assay.engine.generate;

import java.util.List;

/**
 * Stop texts. A continuation ends with the token that completes one of them in the decoded text,
 * wherever the tokens' borders are, and its text is cut as lm-evaluation-harness cuts ({@code
 * postprocess_generated_text}): before the first place of each stop text in turn, in the order
 * asked for. That is before the earliest of them, but for one case: a token completes two stop
 * texts that overlap, and cutting at the later takes the end of the earlier away.
 */
final class Stops {
  private Stops() {}

  /** {@code text} before the stop texts; empty ones stop nothing. */
  static String cut(String text, List<String> stops) {
    String left = text;
    for (String stop : stops) {
      int at = stop.isEmpty() ? -1 : left.indexOf(stop);
      left = at < 0 ? left : left.substring(0, at);
    }
    return left;
  }
}
