package io.assay.eval.request;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Cuts a document into windows so that each of its tokens is scored exactly once ({@code
 * get_rolling_token_windows} with {@code context_len} 1 and {@code make_disjoint_window} of {@code
 * lm_eval/utils.py}):
 *
 * <pre>
 * document   0 1 2 3 4 5 6 7 8 9      maxLength 4
 * window 0 P[0 1 2 3]                 P is the prefix token, brackets hold what is scored
 * window 1         3[4 5 6 7]
 * window 2             5 6 7[8 9]     the last one reaches back to full length
 * </pre>
 */
final class RollingWindows {
  private RollingWindows() {}

  /**
   * @param tokens context and scored tokens, at most the maximal length + 1
   * @param from first scored index, at least 1
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared, ids by the million
  record Window(int[] tokens, int from) {}

  /**
   * The windows of a document, in order; none for an empty one.
   *
   * @param document token ids, with everything the encoding adds
   * @param prefix token in front of the first window
   * @param maxLength most tokens fed at once
   */
  static List<Window> of(int[] document, int prefix, int maxLength) {
    List<Window> windows = new ArrayList<>();
    for (int start = 0; start < document.length; start += maxLength) {
      int end = Math.min(document.length, start + maxLength);
      if (start == 0) {
        int[] tokens = new int[end + 1];
        tokens[0] = prefix;
        System.arraycopy(document, 0, tokens, 1, end);
        windows.add(new Window(tokens, 1));
      } else {
        int first = end - maxLength - 1;
        windows.add(new Window(Arrays.copyOfRange(document, first, end), start - first));
      }
    }
    return windows;
  }
}
