package io.assay.eval.routing;

import java.util.Arrays;
import java.util.List;

/**
 * The fed tokens of some requests in the order of an id each of them has: sorted once, for the
 * counts of every layer. Places count the fed tokens of all requests, one request after the other.
 */
public final class TokenOrder {
  /** Id in the high half, place in the low one. */
  private final long[] sorted;

  private TokenOrder(long[] sorted) {
    this.sorted = sorted;
    Arrays.sort(sorted);
  }

  /** By the tokens' own ids. */
  public static TokenOrder byInput(List<RoutedTokens> requests) {
    return shifted(requests, 0);
  }

  /**
   * By the id of the token that comes next in the text: the one that was to be predicted there. A
   * text's last token has none and is left out.
   */
  public static TokenOrder byNext(List<RoutedTokens> requests) {
    return shifted(requests, 1);
  }

  private static TokenOrder shifted(List<RoutedTokens> requests, int by) {
    long[] all = new long[requests.stream().mapToInt(RoutedTokens::fed).sum()];
    int place = 0;
    int at = 0;
    for (RoutedTokens request : requests) {
      int[] ids = request.tokens();
      for (int t = 0; t < request.fed(); t++, place++) {
        if (t + by < ids.length) {
          all[at++] = (long) ids[t + by] << Integer.SIZE | place;
        }
      }
    }
    return new TokenOrder(Arrays.copyOf(all, at));
  }

  int size() {
    return sorted.length;
  }

  int id(int i) {
    return (int) (sorted[i] >>> Integer.SIZE);
  }

  int place(int i) {
    return (int) sorted[i];
  }
}
