package io.assay.tests.balance;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.assay.engine.Engine;
import io.assay.engine.EngineOptions;
import io.assay.engine.checkpoint.Checkpoint;
import io.assay.engine.checkpoint.FloatFormats;
import io.assay.engine.checkpoint.SafetensorsWriter;
import io.assay.engine.config.ModelConfig.Routing;
import io.assay.tests.plan.SmallRun;
import io.assay.tests.plan.SmallRun.Result;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * {@code assay balance} on a golden model. What it reports is recomputed from the per-token routing
 * that {@code score} prints with and without the overlay, knowing nothing of which documents were
 * held out.
 */
@ResourceLock(Resources.SYSTEM_OUT)
@ResourceLock(Resources.SYSTEM_ERR)
class BalanceCommandTest {
  private static final Path GOLDEN =
      Path.of(System.getProperty("assay.root", "..")).resolve("tests/golden");
  private static final String MODEL = GOLDEN.resolve("v3-basic/checkpoint").toString();
  private static final int DOCUMENTS = 8;
  private static final float GAMMA = 0.01f;

  @TempDir private Path folder;
  private Path input;

  @BeforeEach
  void writeTraffic() throws IOException {
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < DOCUMENTS; i++) {
      lines.add(
          "{\"id\": \"d%d\", \"text\": \"Text %d, %s\"}"
              .formatted(i, i * i, ("word" + i + " and ").repeat(4 + i)));
    }
    input = Files.write(folder.resolve("traffic.jsonl"), lines);
  }

  private Result balance(Path traffic, String... more) {
    List<String> line =
        new ArrayList<>(
            List.of("balance", "--quiet", "--model", MODEL, "--input", traffic.toString()));
    line.addAll(List.of(more));
    return SmallRun.assay(line.toArray(String[]::new));
  }

  private JsonNode report(Path overlay, String... more) throws IOException {
    List<String> line =
        new ArrayList<>(
            List.of("--json", "--output", overlay.toString(), "--gamma", Float.toString(GAMMA)));
    line.addAll(List.of(more));
    return balance(input, line.toArray(String[]::new)).json();
  }

  /** What score says of a document: likelihood, tokens, and how often each expert was chosen. */
  private record Scored(double sumLogprob, long tokens, long[][] loads) {}

  private List<Scored> score(String... more) throws IOException {
    Path output = folder.resolve("scores.jsonl");
    List<String> line =
        new ArrayList<>(
            List.of("score", "--quiet", "--routing", "--model", MODEL, "--threads", "2"));
    line.addAll(List.of("--input", input.toString(), "--output", output.toString()));
    line.addAll(List.of(more));
    Result result = SmallRun.assay(line.toArray(String[]::new));
    assertThat(result.exit()).as(result.err()).isZero();
    List<Scored> scored = new ArrayList<>();
    for (String json : Files.readAllLines(output)) {
      JsonNode node = new ObjectMapper().readTree(json);
      long[][] loads = new long[node.get("experts").size()][experts()];
      int layer = 0;
      for (JsonNode tokens : node.get("experts")) {
        for (JsonNode ids : tokens) {
          for (JsonNode id : ids) {
            loads[layer][id.asInt()]++;
          }
        }
        layer++;
      }
      scored.add(new Scored(node.get("sum_logprob").asDouble(), node.get("tokens").size(), loads));
    }
    return scored;
  }

  private static int experts() throws IOException {
    return new ObjectMapper()
        .readTree(Path.of(MODEL, "config.json").toFile())
        .get("n_routed_experts")
        .asInt();
  }

  private static long[] loads(List<Scored> scored, List<Integer> documents, int layer) {
    long[] sum = new long[scored.getFirst().loads()[layer].length];
    for (int d : documents) {
      for (int e = 0; e < sum.length; e++) {
        sum[e] += scored.get(d).loads()[layer][e];
      }
    }
    return sum;
  }

  private static double maxVio(long... loads) {
    return Arrays.stream(loads).max().orElseThrow() / Arrays.stream(loads).average().orElseThrow()
        - 1;
  }

  private static boolean close(double a, double b) {
    return Math.abs(a - b) < 1e-9;
  }

  /** The pairs of documents that have the reported MaxVio in every layer, before. */
  private static List<List<Integer>> heldOut(List<Scored> scored, JsonNode report) {
    List<List<Integer>> found = new ArrayList<>();
    for (int a = 0; a < DOCUMENTS; a++) {
      for (int b = a + 1; b < DOCUMENTS; b++) {
        boolean same = true;
        for (int l = 0; l < report.get("layers").size(); l++) {
          double want = report.at("/layers/" + l + "/max_vio/before/value").asDouble();
          same &= close(maxVio(loads(scored, List.of(a, b), l)), want);
        }
        if (same) {
          found.add(List.of(a, b));
        }
      }
    }
    return found;
  }

  private static double perplexity(List<Scored> scored, List<Integer> documents) {
    double sum = documents.stream().mapToDouble(d -> scored.get(d).sumLogprob()).sum();
    return Math.exp(-sum / documents.stream().mapToLong(d -> scored.get(d).tokens()).sum());
  }

  private static List<Integer> others(List<Integer> documents) {
    List<Integer> others = new ArrayList<>();
    for (int d = 0; d < DOCUMENTS; d++) {
      if (!documents.contains(d)) {
        others.add(d);
      }
    }
    return others;
  }

  @Test
  void theReportIsWhatScoringWithAndWithoutTheOverlaySays() throws IOException {
    Path overlay = folder.resolve("o.safetensors");
    JsonNode report = report(overlay, "--max-iterations", "12");
    assertThat(report.at("/kept").asInt()).isPositive();
    assertThat(report.at("/held_out/documents").asInt()).isEqualTo(2);
    assertThat(report.at("/calibration/documents").asInt()).isEqualTo(DOCUMENTS - 2);
    assertThat(report.at("/gamma").asText()).isEqualTo("0.01");

    List<Scored> before = score();
    List<Scored> after = score("--overlay", overlay.toString());
    List<List<Integer>> found = heldOut(before, report);
    assertThat(found).hasSize(1);
    List<Integer> held = found.getFirst();
    double calibratedBefore = 0;
    double calibratedAfter = 0;
    double meanAfter = 0;
    int layers = report.get("layers").size();
    for (int l = 0; l < layers; l++) {
      JsonNode layer = report.at("/layers/" + l);
      double now = maxVio(loads(after, held, l));
      assertThat(layer.at("/max_vio/after/value").asDouble()).isCloseTo(now, within(1e-9));
      assertThat(layer.at("/calibration_max_vio/before").asDouble())
          .isCloseTo(maxVio(loads(before, others(held), l)), within(1e-9));
      assertThat(layer.at("/calibration_max_vio/after").asDouble())
          .isCloseTo(maxVio(loads(after, others(held), l)), within(1e-9));
      meanAfter += now / layers;
      calibratedBefore += maxVio(loads(before, others(held), l)) / layers;
      calibratedAfter += maxVio(loads(after, others(held), l)) / layers;
    }
    assertThat(report.at("/max_vio/after/value").asDouble()).isCloseTo(meanAfter, within(1e-9));
    assertThat(calibratedAfter).isLessThan(calibratedBefore);
    assertThat(report.at("/steps/0/max_vio").asDouble()).isCloseTo(calibratedBefore, within(1e-9));
    double was = perplexity(before, held);
    double is = perplexity(after, held);
    assertThat(report.at("/perplexity/before/value").asDouble()).isCloseTo(was, within(1e-9 * was));
    assertThat(report.at("/perplexity/after/value").asDouble()).isCloseTo(is, within(1e-9 * is));
    JsonNode difference = report.at("/perplexity/difference");
    assertThat(difference.get("value").asDouble()).isCloseTo(is - was, within(1e-9 * was));
    assertThat(difference.get("value").asDouble())
        .isBetween(difference.get("low").asDouble(), difference.get("high").asDouble());
  }

  /** Equations 17 to 20 of the DeepSeek-V3 report, from every score of a forward pass. */
  @Test
  void balanceLossIsThatOfTheScores() throws IOException {
    JsonNode report = report(folder.resolve("o.safetensors"), "--max-iterations", "1");
    List<Integer> held = heldOut(score(), report).getFirst();
    List<String> scored = Files.readAllLines(folder.resolve("scores.jsonl"));
    EngineOptions options = EngineOptions.defaults().withThreads(2);
    try (Engine engine = Engine.open(Path.of(MODEL), options)) {
      Routing routing = engine.config().ffn().routing();
      double[][] losses = new double[2][report.get("layers").size()];
      for (int document : held) {
        // Every token is scored and the last one is not fed.
        JsonNode tokens = new ObjectMapper().readTree(scored.get(document)).get("tokens");
        int[] fed = new int[tokens.size()];
        fed[0] = engine.config().bosTokenId();
        for (int i = 1; i < fed.length; i++) {
          fed[i] = tokens.get(i - 1).asInt();
        }
        var trace = engine.trace(fed).routing();
        for (int l = 0; l < losses[0].length; l++) {
          var layer = trace.get(report.at("/layers/" + l + "/layer").asInt());
          int[] plain = new int[layer.ids().length];
          for (int t = 0; t < fed.length; t++) {
            int from = t * routing.experts();
            int[] highest =
                IntStream.range(0, routing.experts())
                    .boxed()
                    .sorted(Comparator.comparingDouble(e -> -layer.scores()[from + e]))
                    .limit(routing.perToken())
                    .mapToInt(e -> e)
                    .toArray();
            System.arraycopy(highest, 0, plain, t * highest.length, highest.length);
          }
          losses[0][l] += loss(plain, layer.scores(), routing) / held.size();
          losses[1][l] += loss(layer.ids(), layer.scores(), routing) / held.size();
        }
      }
      for (int l = 0; l < losses[0].length; l++) {
        JsonNode layer = report.at("/layers/" + l);
        assertThat(layer.at("/balance_loss/before").asDouble())
            .isCloseTo(losses[0][l], within(1e-6));
        assertThat(layer.at("/served_balance_loss/before").asDouble())
            .isCloseTo(losses[1][l], within(1e-6));
      }
    }
  }

  private static double loss(int[] ids, float[] scores, Routing routing) {
    int n = routing.experts();
    int tokens = scores.length / n;
    double[] f = new double[n];
    double[] p = new double[n];
    for (int id : ids) {
      f[id] += (double) n / (routing.perToken() * tokens);
    }
    for (int t = 0; t < tokens; t++) {
      double sum = 0;
      for (int e = 0; e < n; e++) {
        sum += scores[t * n + e];
      }
      for (int e = 0; e < n; e++) {
        p[e] += scores[t * n + e] / sum / tokens;
      }
    }
    double loss = 0;
    for (int e = 0; e < n; e++) {
      loss += f[e] * p[e];
    }
    return loss;
  }

  /** The first update from the model's own biases, recomputed from counts. */
  @Test
  void oneUpdateIsThePapersRule() throws IOException {
    Path overlay = folder.resolve("o.safetensors");
    JsonNode report = report(overlay, "--max-iterations", "1");
    assertThat(report.at("/kept").asInt()).isEqualTo(1);
    List<Scored> before = score();
    List<Integer> calibrated = others(heldOut(before, report).getFirst());
    try (Checkpoint base = Checkpoint.open(Path.of(MODEL));
        Checkpoint written = Checkpoint.openFile(overlay)) {
      assertThat(written.names()).hasSize(report.get("layers").size());
      for (int l = 0; l < report.get("layers").size(); l++) {
        String name =
            "model.layers.%d.mlp.gate.e_score_correction_bias"
                .formatted(report.at("/layers/" + l + "/layer").asInt());
        float[] own = FloatFormats.toFloats(base.tensor(name));
        long[] loads = loads(before, calibrated, l);
        double mean = Arrays.stream(loads).average().orElseThrow();
        for (int e = 0; e < own.length; e++) {
          own[e] += GAMMA * (float) Math.signum(mean - loads[e]);
        }
        assertThat(FloatFormats.toFloats(written.tensor(name))).containsExactly(own);
      }
    }
  }

  @Test
  void theSameForAnyOrderThreadsAndPlaceOfWeights() throws IOException {
    Path overlay = folder.resolve("o.safetensors");
    JsonNode report = report(overlay, "--max-iterations", "4", "--threads", "1");
    byte[] bytes = Files.readAllBytes(overlay);
    List<String> lines = new ArrayList<>(Files.readAllLines(input));
    Collections.reverse(lines);
    Files.write(input, lines);
    JsonNode again =
        report(overlay, "--max-iterations", "4", "--threads", "2", "--weights", "streamed");
    assertThat(again).isEqualTo(report);
    assertThat(Files.readAllBytes(overlay)).isEqualTo(bytes);
  }

  /** The overlay begun with stays in force, and what it replaced besides is handed on. */
  @Test
  void aCalibrationGoesOnFromAnOverlay() throws IOException {
    Path first = folder.resolve("first.safetensors");
    Path second = folder.resolve("second.safetensors");
    JsonNode one = report(first, "--max-iterations", "3");
    JsonNode more = report(second, "--max-iterations", "3", "--overlay", first.toString());
    assertThat(more.at("/steps/0")).isEqualTo(withIteration(one, one.at("/kept").asInt()));
    assertThat(more.at("/max_vio/before")).isEqualTo(one.at("/max_vio/after"));
  }

  private static JsonNode withIteration(JsonNode report, int step) {
    var found = (ObjectNode) report.at("/steps/" + step);
    return found.deepCopy().put("iteration", 0);
  }

  @Test
  void copiesOfADocumentAreOnOneSide() throws IOException {
    List<String> lines = new ArrayList<>(Files.readAllLines(input));
    lines.addAll(Files.readAllLines(input));
    lines.add("{\"id\": \"bad\", \"text\": 5}");
    Files.write(input, lines);
    JsonNode report = report(folder.resolve("o.safetensors"), "--max-iterations", "1");
    assertThat(report.at("/held_out/documents").asInt()).isEqualTo(4);
    assertThat(report.at("/calibration/documents").asInt()).isEqualTo(2 * DOCUMENTS - 4);
    assertThat(report.at("/rejected").asInt()).isEqualTo(1);
  }

  @Test
  void tablesForPeople() {
    Result result = balance(input, "--max-iterations", "1");
    assertThat(result.exit()).as(result.err()).isZero();
    assertThat(result.err()).isEmpty();
    assertThat(result.out())
        .contains("6 documents", "2 held out", "MaxVio", "perplexity", "95 % interval");
  }

  @Test
  void whatIsBalancedEnoughStaysAsItIs() throws IOException {
    Path overlay = folder.resolve("same.safetensors");
    Result result = balance(input, "--target", "100", "--output", overlay.toString());
    assertThat(result.exit()).as(result.err()).isZero();
    assertThat(result.out())
        .contains(
            "No update: no layer is above the target of 100.0 with the model's own biases, which"
                + " are kept");
    assertThat(score("--overlay", overlay.toString()))
        .usingRecursiveComparison()
        .isEqualTo(score());
  }

  /** It is the user's file that is damaged, not one of those that calibration writes. */
  @Test
  void anOverlayWithoutNumbersIsNamed() throws IOException {
    Path overlay = folder.resolve("damaged.safetensors");
    float[] bias = new float[experts()];
    bias[3] = Float.NaN;
    String name = "model.layers.2.mlp.gate.e_score_correction_bias";
    try (FileChannel out = FileChannel.open(overlay, CREATE, WRITE)) {
      SafetensorsWriter.write(
          out, Map.of(), List.of(SafetensorsWriter.Tensor.ofFloats(name, bias)));
    }
    Result result = balance(input, "--overlay", overlay.toString());
    assertThat(result.exit()).isEqualTo(3);
    assertThat(result.err())
        .startsWith("assay: TENSOR_NOT_FINITE: tensor '" + name + "' in " + overlay)
        .contains("at index [3]");
  }

  @ParameterizedTest
  @CsvSource({"v2-lite, greedy over softmax", "v2-group, group_limited_greedy over softmax"})
  void modelsWithoutABiasAreRefused(String model, String found) {
    Result result =
        SmallRun.assay(
            "balance",
            "--input",
            input.toString(),
            "--model",
            GOLDEN.resolve(model).resolve("checkpoint").toString());
    assertThat(result.exit()).isEqualTo(3);
    assertThat(result.err())
        .startsWith("assay: MODEL_UNSUPPORTED: ")
        .contains(found, "e_score_correction_bias", "noaux_tc")
        .hasLineCount(1);
  }

  @ParameterizedTest
  @CsvSource({
    "--gamma, 0",
    "--gamma, NaN",
    "--target, -1",
    "--max-iterations, 0",
    "--patience, 0",
    "--held-out, 1",
    "--output, -"
  })
  void impossibleOptionsAreRefused(String option, String value) {
    Result result = balance(input, option, value);
    assertThat(result.exit()).isEqualTo(2);
    assertThat(result.err()).startsWith("assay: USAGE: " + option + " is ").hasLineCount(1);
  }

  @Test
  void tooLittleTrafficIsRefused() throws IOException {
    List<String> lines = Files.readAllLines(input);
    Path few = Files.write(folder.resolve("few.jsonl"), lines.subList(0, 3));
    Result result = balance(few);
    assertThat(result.exit()).isEqualTo(3);
    assertThat(result.err())
        .startsWith("assay: INPUT_UNREADABLE: ")
        .contains("3 distinct lines", "1 to judge by and 2 to calibrate on");
    Path bad = Files.writeString(folder.resolve("bad.jsonl"), "{\"text\": 5}\n");
    assertThat(balance(bad).err())
        .startsWith("assay: INPUT_UNREADABLE: none of 1 lines can be scored")
        .contains("FIELD_INVALID");
    Path empty = Files.writeString(folder.resolve("empty.jsonl"), "");
    assertThat(balance(empty).err()).contains("has no lines");
  }
}
