package io.assay.engine.backend.tornado;

import static org.assertj.core.api.Assertions.assertThat;

import io.assay.engine.backend.RouterSelection;
import io.assay.engine.backend.tornado.kernel.Grouping;
import io.assay.engine.backend.tornado.kernel.Routing;
import io.assay.engine.config.ModelConfig;
import io.assay.engine.config.ModelConfig.Method;
import io.assay.engine.config.ModelConfig.Scoring;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/** The choice and the grouping of rows by expert, against the choice in {@link RouterSelection}. */
final class RoutingTest {
  private static final int ROWS = 37;

  @ParameterizedTest
  @CsvSource({
    "SOFTMAX,GREEDY,6,2,1,1,false,1",
    "SOFTMAX,GROUP_LIMITED_GREEDY,12,3,4,2,false,6",
    "SIGMOID,NOAUX_TC,12,3,4,2,true,2.5",
    "SIGMOID,NOAUX_TC,16,8,4,2,true,1",
    "SIGMOID,NOAUX_TC,5,2,5,3,true,1",
    "SOFTMAX,GROUP_LIMITED_GREEDY,6,4,3,1,true,1"
  })
  void choosesAndGroupsAsTheReferenceDoes(
      Scoring scoring,
      Method method,
      int experts,
      int perToken,
      int groups,
      int kept,
      boolean normalize,
      float scaling) {
    var routing =
        new ModelConfig.Routing(
            experts, perToken, 1, 8, groups, kept, scoring, method, normalize, scaling);
    SplittableRandom random = new SplittableRandom(experts * 31L + perToken);
    float[] logits = new float[ROWS * experts];
    for (int i = 0; i < logits.length; i++) {
      // Few different values: ties everywhere.
      logits[i] = random.nextInt(-3, 4) / 2f;
    }
    float[] bias = null;
    if (method == Method.NOAUX_TC) {
      bias = new float[experts];
      for (int e = 0; e < experts; e++) {
        bias[e] = random.nextInt(-4, 3) / 4f;
      }
    }
    int slots = perToken + 1;
    KernelGraph graph = new KernelGraph("routing", 4 * Routing.WORDS);
    FloatArray vectors = new FloatArray(experts + 1);
    for (int e = 0; e < experts; e++) {
      vectors.set(e, bias == null ? 0 : bias[e]);
    }
    vectors.set(experts, scaling);
    FloatArray scores = FloatArray.fromArray(logits);
    IntArray ids = new IntArray(ROWS * slots);
    FloatArray gates = new FloatArray(ROWS * slots);
    IntArray byBias = new IntArray(ROWS * slots);
    IntArray wanted = new IntArray(ROWS);
    for (int r = 0; r < ROWS; r++) {
      wanted.set(r, r % 3 == 1 ? 0 : 1);
    }
    IntArray plan = new IntArray(3 * (experts + 1) + 2);
    IntArray pairs = new IntArray(ROWS * slots);
    int[] words = {
      ROWS,
      experts,
      perToken,
      slots,
      groups,
      kept,
      scoring == Scoring.SIGMOID ? 1 : 0,
      DeviceFeedForward.method(method),
      normalize ? 1 : 0,
      bias == null ? -1 : 0,
      experts,
      0,
      experts + 1
    };
    KernelTask choose =
        KernelTask.of(
            "choose",
            Routing::chooseExperts,
            graph.allot(Routing.WORDS),
            graph.words(),
            vectors,
            scores,
            new FloatArray(ROWS * Routing.scratch(experts, groups)),
            new IntArray(ROWS * Routing.marks(experts, groups)),
            ids,
            gates,
            byBias);
    choose.items(ROWS, words);
    PlainRunner.run(choose);
    RouterSelection reference = new RouterSelection(routing, bias);
    for (int r = 0; r < ROWS; r++) {
      int[] expectedIds = new int[perToken];
      float[] expectedWeights = new float[perToken];
      boolean[] expectedByBias = new boolean[perToken];
      float[] probabilities = scores.toHeapArray();
      reference.select(probabilities, r * experts, expectedIds, expectedWeights, 0);
      reference.compare(probabilities, r * experts, expectedIds, 0, expectedByBias);
      for (int k = 0; k < perToken; k++) {
        assertThat(ids.get(r * slots + k)).as("row %d slot %d", r, k).isEqualTo(expectedIds[k]);
        assertThat(byBias.get(r * slots + k) == 1).isEqualTo(expectedByBias[k]);
        Fixture.close(gates.get(r * slots + k), expectedWeights[k], "gate");
      }
      assertThat(ids.get(r * slots + perToken)).isEqualTo(experts);
      assertThat(gates.get(r * slots + perToken)).isEqualTo(1f);
      probabilities(logits, r, experts, scoring, probabilities);
    }
    group(graph, words, wanted, ids, plan, pairs);
    check(experts + 1, slots, wanted, ids, plan, pairs);
  }

  /** Scores of a row against the formula. */
  private static void probabilities(
      float[] logits, int row, int experts, Scoring scoring, float... found) {
    double sum = 0;
    for (int e = 0; e < experts; e++) {
      sum += StrictMath.exp(logits[row * experts + e]);
    }
    for (int e = 0; e < experts; e++) {
      double z = StrictMath.exp(logits[row * experts + e]);
      Fixture.close(
          found[row * experts + e],
          scoring == Scoring.SIGMOID ? z / (1 + z) : z / sum,
          "row " + row + " score of " + e);
    }
  }

  private static void group(
      KernelGraph graph,
      int[] words,
      IntArray wanted,
      IntArray ids,
      IntArray plan,
      IntArray pairs) {
    KernelTask count =
        KernelTask.of(
            "count",
            Grouping::countPairs,
            graph.allot(Routing.WORDS),
            graph.words(),
            wanted,
            ids,
            plan);
    KernelTask begin =
        KernelTask.of(
            "begin", Grouping::beginPairs, graph.allot(Routing.WORDS), graph.words(), plan);
    KernelTask list =
        KernelTask.of(
            "list",
            Grouping::listPairs,
            graph.allot(Routing.WORDS),
            graph.words(),
            wanted,
            ids,
            plan,
            pairs);
    for (KernelTask task : new KernelTask[] {count, begin, list}) {
      task.items(words[words.length - 1], words);
      PlainRunner.run(task);
    }
  }

  private static void check(
      int networks, int slots, IntArray wanted, IntArray ids, IntArray plan, IntArray pairs) {
    int next = 0;
    int tiles = 0;
    for (int e = 0; e < networks; e++) {
      assertThat(plan.get(networks + e)).isEqualTo(next);
      assertThat(plan.get(2 * networks + 1 + e)).isEqualTo(tiles);
      int of = e;
      int[] expected =
          java.util.stream.IntStream.range(0, ids.getSize())
              .filter(p -> ids.get(p) == of && wanted.get(p / slots) == 1)
              .toArray();
      int[] found = new int[expected.length];
      for (int i = 0; i < found.length; i++) {
        found[i] = pairs.get(next + i);
      }
      assertThat(found).as("pairs of network %d", e).isEqualTo(expected);
      next += expected.length;
      tiles += Math.ceilDiv(expected.length, 4);
    }
    assertThat(plan.get(2 * networks)).isEqualTo(next);
    assertThat(plan.get(3 * networks + 1)).isEqualTo(tiles);
    assertThat(next).isPositive();
  }
}
