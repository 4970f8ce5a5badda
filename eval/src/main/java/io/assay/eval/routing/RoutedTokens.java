package io.assay.eval.routing;

/**
 * Where the fed tokens of one request were sent.
 *
 * @param tokens ids of the text, of which the first were fed
 * @param experts {@code [layer][token][K]} ascending expert ids, null for dense layers
 * @param planned how many of them were known before the run: generated ones are not
 * @param offset planned tokens of all requests before this one, in the order of the run
 */
public record RoutedTokens(int[] tokens, int[][][] experts, int planned, long offset) {
  /** How many tokens were fed. */
  int fed() {
    for (int[][] layer : experts) {
      if (layer != null) {
        return layer.length;
      }
    }
    return 0;
  }
}
