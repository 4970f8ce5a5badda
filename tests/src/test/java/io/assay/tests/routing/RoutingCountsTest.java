package io.assay.tests.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.assay.engine.Engine;
import io.assay.engine.EngineOptions;
import io.assay.engine.WorkListener;
import io.assay.engine.score.ScoreRequest;
import io.assay.engine.score.ScoreResult;
import io.assay.tests.plan.SmallRun;
import io.assay.tests.plan.SmallRun.Result;
import io.assay.tests.reference.ReferenceTensors;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Groups touched and choices changed by the bias, against what follows from the golden router
 * scores and ids with a sort in place of the engine's selection.
 */
class RoutingCountsTest {
  private static final Path GOLDEN =
      Path.of(System.getProperty("assay.root", ".."))
          .toAbsolutePath()
          .normalize()
          .resolve("tests/golden");

  @TempDir private Path folder;
  private JsonNode config;

  /** Every golden model, and whether a bias changes its choices. */
  @ParameterizedTest
  @CsvSource({
    "v3-basic, true",
    "v3-fp8, true",
    "v3-yarn, true",
    "v2-group, false",
    "v2-lite, false"
  })
  void countsAreThoseOfTheGoldenDecisions(String name, boolean biased) throws IOException {
    Path golden = GOLDEN.resolve(name);
    ObjectMapper json = new ObjectMapper();
    config = json.readTree(golden.resolve("checkpoint/config.json").toFile());
    ReferenceTensors router = ReferenceTensors.read(golden.resolve("expected/router.safetensors"));
    ReferenceTensors weights = ReferenceTensors.readFolder(golden.resolve("checkpoint"));
    List<ScoreRequest> requests = new ArrayList<>();
    for (JsonNode sequence :
        json.readTree(golden.resolve("expected/inputs.json").toFile()).at("/sequences")) {
      int[] ids = json.treeToValue(sequence.get("ids"), int[].class);
      if (ids.length > 1) {
        requests.add(new ScoreRequest(sequence.get("name").asText(), ids, 1, true, true));
      }
    }
    long changed = 0;
    long compared = 0;
    try (Engine engine =
        Engine.open(golden.resolve("checkpoint"), EngineOptions.defaults().withThreads(2))) {
      for (ScoreResult result : engine.score(requests, WorkListener.NONE).results()) {
        for (int layer = 0; layer < config.get("num_hidden_layers").asInt(); layer++) {
          String prefix = result.id() + ".layers." + layer + ".";
          if (!router.contains(prefix + "topk_ids")) {
            assertThat(result.counts().tokens()[layer]).as(prefix).isNull();
            continue;
          }
          String bias = "model.layers." + layer + ".mlp.gate.e_score_correction_bias";
          int[][] expected =
              expected(
                  router.raw(prefix + "topk_ids").values(),
                  router.raw(prefix + "scores").values(),
                  weights.contains(bias),
                  result.experts()[layer].length);
          assertThat(result.counts().groupFirsts()[layer]).as(prefix).isEqualTo(expected[0]);
          assertThat(result.counts().byBias()[layer]).as(prefix).isEqualTo(expected[1]);
          double[] scores = router.raw(prefix + "scores").values();
          int tokens = result.experts()[layer].length;
          assertThat(result.balance().highest()[layer])
              .as(prefix)
              .isEqualTo(highest(scores, tokens));
          assertThat(result.balance().shares()[layer])
              .as(prefix)
              .containsExactly(shares(scores, tokens), within(1e-4));
          changed += IntStream.of(expected[1]).sum();
          compared++;
        }
      }
    }
    assertThat(compared).isPositive();
    assertThat(changed > 0).isEqualTo(biased);
  }

  @Test
  @ResourceLock(Resources.SYSTEM_OUT)
  @ResourceLock(Resources.SYSTEM_ERR)
  void theTableHoldsTheirMeans() throws IOException, SQLException {
    SmallRun run = new SmallRun(folder);
    Result ran = run.execute("run", "--quiet");
    assertThat(ran.exit()).as(ran.err()).isZero();
    List<List<Object>> rows =
        run.query(
            "SELECT layer, domain = '*', sum(tokens * groups_touched) / sum(tokens),"
                + " sum(tokens * bias_changed) / sum(tokens), min(groups_touched),"
                + " max(groups_touched), count(*) - count(bias_changed)"
                + " FROM %s GROUP BY ALL ORDER BY ALL",
            "expert_balance", "small");
    assertThat(rows).hasSizeGreaterThan(2);
    for (int i = 0; i < rows.size(); i += 2) {
      List<Object> domains = rows.get(i);
      List<Object> all = rows.get(i + 1);
      assertThat(domains.getFirst()).isEqualTo(all.getFirst());
      assertThat((double) domains.get(2)).isCloseTo((double) all.get(2), within(1e-12));
      assertThat((double) domains.get(3)).isCloseTo((double) all.get(3), within(1e-12));
      assertThat((double) all.get(3)).isBetween(0.0, 1.0);
      // The model's topk_group is 2.
      assertThat((double) domains.get(4)).isGreaterThanOrEqualTo(1);
      assertThat((double) domains.get(5)).isGreaterThan(1).isLessThanOrEqualTo(2);
      assertThat(domains.get(6)).isEqualTo(0L);
    }
  }

  /** Tokens of each expert if the highest scores are chosen, whatever bias and groups say. */
  private int[] highest(double[] scores, int tokens) {
    int n = config.get("n_routed_experts").asInt();
    int[] counts = new int[n];
    for (int t = 0; t < tokens; t++) {
      int from = t * n;
      IntStream.range(0, n)
          .boxed()
          .sorted(Comparator.comparing(e -> -scores[from + e])) // stable
          .limit(config.get("num_experts_per_tok").asInt())
          .forEach(e -> counts[e]++);
    }
    return counts;
  }

  /** Sum over tokens of s_i / sum_j s_j. */
  private double[] shares(double[] scores, int tokens) {
    int n = config.get("n_routed_experts").asInt();
    double[] shares = new double[n];
    for (int t = 0; t < tokens; t++) {
      double sum = DoubleStream.of(Arrays.copyOfRange(scores, t * n, (t + 1) * n)).sum();
      for (int e = 0; e < n; e++) {
        shares[e] += scores[t * n + e] / sum;
      }
    }
    return shares;
  }

  /** The experts of a token by DeepSeek-V3's rule without bias. */
  private Set<Integer> plain(double[] scores, int token) {
    int n = config.get("n_routed_experts").asInt();
    return best(
        Arrays.copyOfRange(scores, token * n, (token + 1) * n),
        config.get("num_experts_per_tok").asInt(),
        n / config.get("n_group").asInt());
  }

  /** First chosen of its group, chosen but not among the best without bias; by expert. */
  private int[][] expected(double[] ids, double[] scores, boolean biased, int tokens) {
    int n = config.get("n_routed_experts").asInt();
    int k = config.get("num_experts_per_tok").asInt();
    int size = n / Math.max(1, config.path("n_group").asInt(1));
    int[][] counts = new int[2][n];
    for (int t = 0; t < tokens; t++) {
      int token = t;
      List<Integer> chosen =
          IntStream.range(0, k).map(i -> (int) ids[token * k + i]).boxed().toList();
      Set<Integer> groups = new HashSet<>();
      chosen.stream().sorted().filter(e -> groups.add(e / size)).forEach(e -> counts[0][e]++);
      if (biased) {
        Set<Integer> plain = plain(scores, token);
        chosen.stream().filter(e -> !plain.contains(e)).forEach(e -> counts[1][e]++);
      }
    }
    return counts;
  }

  /** The K best of the groups whose two best add up to most, as DeepSeek-V3 selects. */
  private Set<Integer> best(double[] scores, int k, int size) {
    Set<Integer> kept =
        new HashSet<>(
            IntStream.range(0, scores.length / size)
                .boxed()
                .sorted(
                    Comparator.comparingDouble(
                        group ->
                            -IntStream.range(group * size, (group + 1) * size)
                                .mapToObj(e -> scores[e])
                                .sorted(Comparator.reverseOrder())
                                .limit(2)
                                .mapToDouble(Double::doubleValue)
                                .sum()))
                .limit(config.get("topk_group").asInt())
                .toList());
    return new HashSet<>(
        IntStream.range(0, scores.length)
            .filter(e -> kept.contains(e / size))
            .boxed()
            .sorted(Comparator.comparingDouble(e -> -scores[e]))
            .limit(k)
            .toList());
  }
}
