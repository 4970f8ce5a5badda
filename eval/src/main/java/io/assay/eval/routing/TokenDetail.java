package io.assay.eval.routing;

import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Counts of one layer that need to know where each token went, over some requests. */
public final class TokenDetail {
  /** Receives a count. */
  @FunctionalInterface
  public interface TokenCounts {
    /**
     * @param tokens that have this id and chose this expert, at least one
     */
    void counted(int tokenId, int expert, long tokens);
  }

  private final List<RoutedTokens> requests;
  private final int layer;
  private final int experts;

  /**
   * @param requests that passed the layer
   * @param layer with routed experts
   * @param experts N
   */
  public TokenDetail(List<RoutedTokens> requests, int layer, int experts) {
    this.requests = requests;
    this.layer = layer;
    this.experts = experts;
  }

  /**
   * Tokens by id and expert, ascending.
   *
   * @param order of the same requests, and with it the id a token is counted under
   */
  public void byToken(TokenOrder order, TokenCounts counts) {
    int[][] chosen =
        requests.stream().flatMap(r -> Arrays.stream(r.experts()[layer])).toArray(int[][]::new);
    long[] tokens = new long[experts];
    // Of many experts few are chosen under one id.
    BitSet touched = new BitSet(experts);
    for (int from = 0; from < order.size(); ) {
      int id = order.id(from);
      int to = from;
      for (; to < order.size() && order.id(to) == id; to++) {
        for (int expert : chosen[order.place(to)]) {
          tokens[expert]++;
          touched.set(expert);
        }
      }
      for (int e = touched.nextSetBit(0); e >= 0; e = touched.nextSetBit(e + 1)) {
        counts.counted(id, e, tokens[e]);
        tokens[e] = 0;
      }
      touched.clear();
      from = to;
    }
  }

  /**
   * Tokens that chose both of two experts.
   *
   * @return {@code [i N + j]} for i below j; {@code [i N + i]} counts those that chose i
   */
  public long[] pairs() {
    long[] counts = new long[experts * experts];
    for (RoutedTokens request : requests) {
      for (int[] chosen : request.experts()[layer]) {
        for (int i = 0; i < chosen.length; i++) {
          for (int j = i; j < chosen.length; j++) {
            counts[chosen[i] * experts + chosen[j]]++;
          }
        }
      }
    }
    return counts;
  }

  /**
   * Tokens of each expert in batches of the run's planned tokens, in the order of the run: the same
   * batches however the work is cut.
   *
   * @return {@code [N]} by batch index
   */
  public Map<Long, long[]> batches(int batchTokens) {
    Map<Long, long[]> batches = new TreeMap<>();
    for (RoutedTokens request : requests) {
      int[][] chosen = request.experts()[layer];
      for (int t = 0; t < request.planned(); ) {
        long batch = (request.offset() + t) / batchTokens;
        int to = (int) Math.min(request.planned(), (batch + 1) * batchTokens - request.offset());
        long[] counts = batches.computeIfAbsent(batch, b -> new long[experts]);
        for (; t < to; t++) {
          for (int expert : chosen[t]) {
            counts[expert]++;
          }
        }
      }
    }
    return batches;
  }
}
