package io.assay.tests.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.assay.tests.plan.SmallRun;
import io.assay.tests.plan.SmallRun.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;

/**
 * {@code assay compare} on the two quickstart checkpoints: what PyTorch measured of both
 * (datasets/quickstart/expected.json and expected-early.json), and the per-token routing that
 * {@code score} prints for each.
 */
@ResourceLock(Resources.SYSTEM_OUT)
@ResourceLock(Resources.SYSTEM_ERR)
class CompareCommandTest {
  private static final Path ROOT = Path.of(System.getProperty("assay.root", ".."));
  private static final Path QUICKSTART = ROOT.resolve("datasets/quickstart");
  private static final String EARLY = QUICKSTART.resolve("model-early").toString();
  private static final String LATE = QUICKSTART.resolve("model").toString();
  private static final int EXPERTS = 16;
  private static final int CHOSEN = 4;
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private Path folder;

  private static Result compare(String a, String b, Path input, String... more) {
    List<String> line =
        new ArrayList<>(
            List.of("compare", "--quiet", "--threads", "2", "--model", a, "--model", b));
    line.addAll(List.of("--input", input.toString()));
    line.addAll(List.of(more));
    return SmallRun.assay(line.toArray(String[]::new));
  }

  private Path lines(int eachDomain, String... domains) throws IOException {
    List<String> lines = new ArrayList<>();
    for (String domain : domains) {
      Path corpus = QUICKSTART.resolve("corpora/" + domain + ".jsonl");
      lines.addAll(Files.readAllLines(corpus).subList(0, eachDomain));
    }
    return Files.write(folder.resolve("lines.jsonl"), lines);
  }

  /** Perplexity and load of whole corpora by both checkpoints are those that PyTorch measured. */
  @Test
  void bothCheckpointsAreAsMeasuredElsewhere() throws IOException {
    String[] domains = {"java_code", "stories"};
    JsonNode report = compare(EARLY, LATE, lines(60, domains), "--json").json();
    JsonNode early = JSON.readTree(QUICKSTART.resolve("expected-early.json").toFile());
    JsonNode late = JSON.readTree(QUICKSTART.resolve("expected.json").toFile());
    for (int d = 0; d < domains.length; d++) {
      JsonNode part = report.at("/domains/" + d);
      assertThat(part.get("domain").asText()).isEqualTo(domains[d]);
      String at = "/corpora/" + domains[d] + "/";
      assertThat(part.get("tokens").asLong()).isEqualTo(early.at(at + "tokens").asLong());
      assertThat(part.get("perplexity_a").asDouble())
          .isCloseTo(early.at(at + "token_perplexity").asDouble(), within(1.001e-4));
      assertThat(part.get("perplexity_b").asDouble())
          .isCloseTo(late.at(at + "token_perplexity").asDouble(), within(1.001e-4));
      // Training on went well, and far beyond chance.
      assertThat(part.at("/perplexity_difference/high").asDouble()).isNegative();
    }
    assertThat(report.at("/all/documents").asInt()).isEqualTo(120);
    assertThat(report.get("layers")).hasSize(5);
    for (JsonNode layer : report.get("layers")) {
      double shift = 0;
      for (int e = 0; e < EXPERTS; e++) {
        JsonNode expert = layer.at("/experts/" + e);
        double a = load(early, domains, layer.get("layer").asInt(), e);
        double b = load(late, domains, layer.get("layer").asInt(), e);
        assertThat(expert.get("load_a").asDouble() / EXPERTS).isCloseTo(a, within(0.005));
        assertThat(expert.get("load_b").asDouble() / EXPERTS).isCloseTo(b, within(0.005));
        shift += Math.abs(b - a) / 2;
      }
      assertThat(layer.get("load_shift").asDouble()).isCloseTo(shift, within(0.02));
    }
  }

  /** Share of an expert over several domains; there the last token of a document is counted too. */
  private static double load(JsonNode expected, String[] domains, int layer, int expert) {
    double sum = 0;
    double tokens = 0;
    for (String domain : domains) {
      double n = expected.at("/corpora/" + domain + "/tokens").asDouble();
      sum += n * expected.at("/expert_load/" + domain + "/" + layer + "/" + expert).asDouble();
      tokens += n;
    }
    return sum / tokens;
  }

  @Test
  void saturationIsThatOfThePrintedRouting() throws IOException {
    Path input = lines(3, "arithmetic", "chinese");
    Path output = folder.resolve("documents.jsonl");
    JsonNode report = compare(EARLY, LATE, input, "--json", "--output", output.toString()).json();
    List<JsonNode> a = score(EARLY, input);
    List<JsonNode> b = score(LATE, input);
    List<String> rows = Files.readAllLines(output);
    assertThat(rows).hasSize(6);
    Map<String, long[]> all = new TreeMap<>();
    for (int d = 0; d < a.size(); d++) {
      JsonNode row = JSON.readTree(rows.get(d));
      assertThat(row.get("id")).isEqualTo(a.get(d).get("id"));
      assertThat(row.get("domain").asText()).isEqualTo(d < 3 ? "arithmetic" : "chinese");
      assertThat(row.get("sum_logprob_a").asDouble())
          .isEqualTo(a.get(d).get("sum_logprob").asDouble());
      assertThat(row.get("sum_logprob_b").asDouble())
          .isEqualTo(b.get(d).get("sum_logprob").asDouble());
      for (int layer = 1; layer <= 5; layer++) {
        String at = "/experts/" + layer;
        long both = common(a.get(d).at(at), b.get(d).at(at));
        long chosen = (long) CHOSEN * a.get(d).at(at).size();
        assertThat(row.at("/saturation/" + layer).asDouble())
            .isCloseTo((double) both / chosen, within(1e-12));
        long[] sums = all.computeIfAbsent("" + layer, key -> new long[2]);
        sums[0] += both;
        sums[1] += chosen;
      }
    }
    double mean = 0;
    for (JsonNode layer : report.get("layers")) {
      long[] sums = all.get(layer.get("layer").asText());
      double want = (double) sums[0] / sums[1];
      JsonNode saturation = layer.get("saturation");
      assertThat(saturation.get("value").asDouble()).isCloseTo(want, within(1e-12));
      assertThat(want)
          .isBetween(saturation.get("low").asDouble(), saturation.get("high").asDouble());
      // Far above chance, K / N, and far below the same model's 1.
      assertThat(want).isBetween(0.4, 0.9);
      mean += want / 5;
    }
    assertThat(report.at("/all/saturation/value").asDouble()).isCloseTo(mean, within(1e-12));
  }

  private List<JsonNode> score(String model, Path input) throws IOException {
    Path output = folder.resolve("scores.jsonl");
    Result result =
        SmallRun.assay(
            "score",
            "--quiet",
            "--threads",
            "2",
            "--routing",
            "--model",
            model,
            "--input",
            input.toString(),
            "--output",
            output.toString());
    assertThat(result.exit()).as(result.err()).isZero();
    List<JsonNode> scores = new ArrayList<>();
    for (String line : Files.readAllLines(output)) {
      scores.add(JSON.readTree(line));
    }
    return scores;
  }

  private static long common(JsonNode a, JsonNode b) {
    assertThat(a.size()).isEqualTo(b.size()).isPositive();
    long both = 0;
    for (int t = 0; t < a.size(); t++) {
      Set<JsonNode> set = new HashSet<>();
      a.get(t).forEach(set::add);
      for (JsonNode id : b.get(t)) {
        both += set.contains(id) ? 1 : 0;
      }
    }
    return both;
  }

  @Test
  void aModelAndItselfDifferInNothing() throws IOException {
    JsonNode report = compare(LATE, LATE, lines(2, "stories"), "--json").json();
    for (JsonNode layer : report.get("layers")) {
      assertThat(layer.at("/saturation/value").asDouble()).isEqualTo(1);
      assertThat(layer.at("/saturation/low").asDouble()).isEqualTo(1);
      assertThat(layer.get("load_shift").asDouble()).isZero();
    }
    assertThat(report.at("/all/perplexity_difference/low").asDouble()).isZero();
    assertThat(report.at("/all/perplexity_difference/high").asDouble()).isZero();
    assertThat(report.at("/a/fingerprint")).isEqualTo(report.at("/b/fingerprint"));
  }

  @Test
  void theSameForAnyOrderOfTheLines() throws IOException {
    Path input = lines(2, "stories", "dialogue", "chinese");
    String report = compare(EARLY, LATE, input, "--json").out();
    List<String> lines = new ArrayList<>(Files.readAllLines(input));
    Collections.reverse(lines);
    Files.write(input, lines);
    assertThat(compare(EARLY, LATE, input, "--json").out()).isEqualTo(report);
    assertThat(compare(EARLY, LATE, input).out())
        .contains("dialogue", "B - A", "saturation", "load shift", "95 % interval");
  }

  /** Another tokenizer, and another number of chosen experts: nothing is compared. */
  @Test
  void differentTokensOrExpertsAreRefused() throws IOException {
    Path input = lines(2, "stories");
    Path other = copy("other");
    ObjectNode tokenizer = (ObjectNode) JSON.readTree(other.resolve("tokenizer.json").toFile());
    // Without merges every byte is a token.
    ((ArrayNode) tokenizer.at("/model/merges")).removeAll();
    JSON.writeValue(other.resolve("tokenizer.json").toFile(), tokenizer);
    Result tokens = compare(LATE, other.toString(), input);
    assertThat(tokens.exit()).isEqualTo(2);
    assertThat(tokens.err())
        .startsWith("assay: USAGE: the models cannot be compared on line stories-000")
        .contains("identical tokens")
        .hasLineCount(1);

    Path fewer = copy("fewer");
    ObjectNode config = (ObjectNode) JSON.readTree(fewer.resolve("config.json").toFile());
    JSON.writeValue(
        fewer.resolve("config.json").toFile(), config.put("num_experts_per_tok", CHOSEN - 1));
    Result experts = compare(LATE, fewer.toString(), input);
    assertThat(experts.exit()).isEqualTo(2);
    assertThat(experts.err()).contains("4 of 16 experts", "3 of 16 experts").hasLineCount(1);

    Result one = SmallRun.assay("compare", "--model", LATE, "--input", input.toString());
    assertThat(one.exit()).isEqualTo(2);
    assertThat(one.err()).startsWith("assay: USAGE: --model is given 1 times");
  }

  private Path copy(String name) throws IOException {
    Path target = Files.createDirectories(folder.resolve(name));
    for (String file : List.of("config.json", "tokenizer.json", "tokenizer_config.json")) {
      Files.copy(Path.of(LATE, file), target.resolve(file));
    }
    Files.createSymbolicLink(
        target.resolve("model.safetensors"), Path.of(LATE, "model.safetensors").toAbsolutePath());
    return target;
  }
}
