package io.assay.eval.routing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Counts by the token that was fed, and by the one that comes next, against a loop. */
class TokenDetailTest {
  private static final int EXPERTS = 70;

  private final Random random = new Random(5);

  /** Texts of which the last token was fed or not. */
  private List<RoutedTokens> requests() {
    List<RoutedTokens> requests = new ArrayList<>();
    for (int r = 0; r < 20; r++) {
      int fed = random.nextInt(30);
      int[] tokens = random.ints(fed + random.nextInt(2), 0, 9).toArray();
      int[][] chosen = new int[fed][];
      for (int t = 0; t < fed; t++) {
        chosen[t] = random.ints(0, EXPERTS).distinct().limit(3).sorted().toArray();
      }
      requests.add(new RoutedTokens(tokens, new int[][][] {null, chosen}, fed, 0));
    }
    return requests;
  }

  private static Map<List<Integer>, Long> counted(List<RoutedTokens> requests, TokenOrder order) {
    Map<List<Integer>, Long> counts = new TreeMap<>(TokenDetailTest::compare);
    List<List<Integer>> sequence = new ArrayList<>();
    new TokenDetail(requests, 1, EXPERTS)
        .byToken(
            order,
            (id, expert, tokens) -> {
              counts.put(List.of(id, expert), tokens);
              sequence.add(List.of(id, expert));
            });
    assertThat(sequence).as("ascending, each once").containsExactlyElementsOf(counts.keySet());
    return counts;
  }

  private static int compare(List<Integer> a, List<Integer> b) {
    int byId = Integer.compare(a.get(0), b.get(0));
    return byId == 0 ? Integer.compare(a.get(1), b.get(1)) : byId;
  }

  private static Map<List<Integer>, Long> expected(List<RoutedTokens> requests, int shift) {
    Map<List<Integer>, Long> counts = new TreeMap<>(TokenDetailTest::compare);
    for (RoutedTokens request : requests) {
      int[][] chosen = request.experts()[1];
      for (int t = 0; t < chosen.length && t + shift < request.tokens().length; t++) {
        for (int expert : chosen[t]) {
          counts.merge(List.of(request.tokens()[t + shift], expert), 1L, Long::sum);
        }
      }
    }
    return counts;
  }

  @Test
  void countsAreThoseOfALoop() {
    List<RoutedTokens> requests = requests();
    assertThat(counted(requests, TokenOrder.byInput(requests))).isEqualTo(expected(requests, 0));
    assertThat(counted(requests, TokenOrder.byNext(requests))).isEqualTo(expected(requests, 1));
  }

  @Test
  void requestsOfWhichNothingWasFedCountNothing() {
    List<RoutedTokens> requests =
        List.of(new RoutedTokens(new int[] {3}, new int[][][] {null, new int[0][]}, 0, 0));
    assertThat(counted(requests, TokenOrder.byInput(requests))).isEmpty();
    assertThat(counted(requests, TokenOrder.byNext(requests))).isEmpty();
  }
}
