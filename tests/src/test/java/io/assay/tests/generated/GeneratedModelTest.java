package io.assay.tests.generated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.assay.engine.Engine;
import io.assay.engine.EngineOptions;
import io.assay.engine.WorkListener;
import io.assay.engine.generate.Finish;
import io.assay.engine.generate.GenerateRequest;
import io.assay.engine.generate.GenerateResult;
import io.assay.engine.score.ModuleScore;
import io.assay.engine.score.ScoreRequest;
import io.assay.engine.score.ScoreResult;
import io.assay.engine.trace.ForwardTrace;
import io.assay.tests.generated.CheckpointSpec.Storage;
import io.assay.tests.reference.ReferenceMath;
import io.assay.tests.reference.ReferenceModel.MtpPass;
import io.assay.tests.reference.ReferenceModel.Pass;
import io.assay.tests.reference.ReferenceModel.Step;
import io.assay.tests.reference.ReferenceRouter.Decision;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The engine against the float64 reference on models no golden case covers. */
class GeneratedModelTest {
  private static final EngineOptions OPTIONS = EngineOptions.defaults().withThreads(2);

  @TempDir Path folder;

  static Stream<Arguments> models() {
    CheckpointSpec v3 = CheckpointSpec.v3();
    CheckpointSpec v2 = CheckpointSpec.v2();
    Map<String, CheckpointSpec> models = new LinkedHashMap<>();
    models.put(
        "two MTP modules, epsilon 1e-5, several end tokens",
        v3.with("num_nextn_predict_layers", 2)
            .with("rms_norm_eps", 1e-5)
            .with("eos_token_id", List.of(1, 7, 300))
            .agreeing());
    models.put(
        "three MTP modules, three shards, no query latent",
        v3.with("num_nextn_predict_layers", 3).with("q_lora_rank", null).inShards(3).agreeing());
    models.put(
        "Kimi K2: one group, other theta",
        v3.with("model_type", "kimi_k2")
            .with("n_group", 1)
            .with("topk_group", 1)
            .with("rope_theta", 50000.0)
            .with("num_nextn_predict_layers", 0));
    models.put("no shared experts", v3.with("n_shared_experts", null));
    models.put("no dense layers", v3.with("first_k_dense_replace", 0));
    models.put(
        "every second layer routes", v3.with("first_k_dense_replace", 2).with("moe_layer_freq", 2));
    models.put("tied embeddings", v3.with("tie_word_embeddings", true));
    models.put("attention bias", v3.with("attention_bias", true));
    models.put("weights not normalised", v3.with("norm_topk_prob", false));
    models.put("one expert a token", v3.with("num_experts_per_tok", 1));
    models.put("large epsilon, latent norms keep 1e-6", v3.with("rms_norm_eps", 0.05));
    models.put("V2 by groups", v2);
    models.put("V2 that asks for normalised weights", v2.with("norm_topk_prob", true));
    models.put(
        "V2 plain",
        v2.with("topk_method", "greedy")
            .with("q_lora_rank", null)
            .with("n_group", 1)
            .with("topk_group", 1));
    models.put(
        "YaRN with two different scales", v3.with("rope_scaling", CheckpointSpec.yarn(1.0, 0.5)));
    models.put("YaRN without query scale", v3.with("rope_scaling", CheckpointSpec.yarn(0.8, 0)));
    models.put("float16", v3.stored(Storage.F16));
    models.put("float32, two shards", v3.stored(Storage.F32).inShards(2));
    models.put(
        "FP8, partial blocks, two MTP modules",
        v3.stored(Storage.FP8)
            .with("hidden_size", 200)
            .with("q_lora_rank", 130)
            .with("kv_lora_rank", 129)
            .with("moe_intermediate_size", 140)
            .with("num_nextn_predict_layers", 2)
            .agreeing());
    models.put(
        "odd dimensions",
        v3.with("hidden_size", 53)
            .with("num_attention_heads", 3)
            .with("num_key_value_heads", 3)
            .with("q_lora_rank", 37)
            .with("kv_lora_rank", 29)
            .with("qk_nope_head_dim", 11)
            .with("qk_rope_head_dim", 6)
            .with("v_head_dim", 13)
            .with("intermediate_size", 71)
            .with("moe_intermediate_size", 23)
            .with("vocab_size", 521)
            .with("n_routed_experts", 10)
            .with("n_group", 5)
            .with("topk_group", 3)
            .with("num_experts_per_tok", 4));
    for (int i = 0; i < 8; i++) {
      models.put("random " + i, random(i));
    }
    return models.entrySet().stream().map(e -> Arguments.of(e.getKey(), e.getValue()));
  }

  private static CheckpointSpec random(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    boolean v3 = random.nextInt(3) > 0;
    int groups = random.nextInt(1, 5);
    int size = random.nextInt(2, 6);
    int kept = random.nextInt(1, groups + 1);
    int heads = random.nextInt(1, 6);
    CheckpointSpec spec =
        (v3 ? CheckpointSpec.v3() : CheckpointSpec.v2())
            .with("hidden_size", random.nextInt(24, 150))
            .with("num_hidden_layers", random.nextInt(1, 5))
            .with("num_attention_heads", heads)
            .with("num_key_value_heads", heads)
            .with("q_lora_rank", random.nextBoolean() ? random.nextInt(8, 70) : null)
            .with("kv_lora_rank", random.nextInt(8, 70))
            .with("qk_nope_head_dim", random.nextInt(4, 40))
            .with("qk_rope_head_dim", 2 * random.nextInt(1, 17))
            .with("v_head_dim", random.nextInt(4, 40))
            .with("intermediate_size", random.nextInt(16, 140))
            .with("moe_intermediate_size", random.nextInt(8, 70))
            .with("first_k_dense_replace", random.nextInt(0, 3))
            .with("n_routed_experts", groups * size)
            .with("n_group", groups)
            .with("topk_group", kept)
            .with("num_experts_per_tok", random.nextInt(1, Math.min(kept * size, 8) + 1))
            .with("n_shared_experts", random.nextInt(1, 4))
            .with("routed_scaling_factor", 0.5 + random.nextInt(6))
            .with("rms_norm_eps", random.nextBoolean() ? 1e-5 : 1e-6)
            .with("vocab_size", random.nextInt(515, 700))
            .inShards(random.nextInt(1, 4))
            .stored(Storage.values()[random.nextInt(Storage.values().length)]);
    if (random.nextBoolean()) {
      spec =
          spec.with("rope_scaling", CheckpointSpec.yarn(0.707, random.nextBoolean() ? 0.707 : 1));
    }
    return v3 ? spec.with("num_nextn_predict_layers", random.nextInt(0, 4)) : spec;
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("models")
  void agreesWithTheReference(String name, CheckpointSpec spec) throws IOException {
    GeneratedCase expected = GeneratedCase.make(spec, folder);
    try (Engine engine = Engine.open(expected.folder(), OPTIONS)) {
      for (int i = 0; i < expected.sequences().size(); i++) {
        ForwardTrace trace = engine.trace(expected.sequences().get(i));
        forward(expected.passes().get(i), trace);
        modules(expected.mtp().get(i), trace);
      }
      List<ScoreResult> scored = scores(expected, engine);
      generation(expected, engine);
      // A pass of five rows ends within every sequence, a memory of one byte keeps nothing.
      for (EngineOptions options :
          List.of(OPTIONS.withBatchRows(5), OPTIONS.withBatchRows(5).withMemoryBytes(1))) {
        try (Engine small = Engine.open(expected.folder(), options)) {
          assertThat(scores(expected, small)).usingRecursiveComparison().isEqualTo(scored);
        }
      }
    }
  }

  /** An end token among accepted drafts ends the text there; the last step is shown whole. */
  @Test
  void stopsAtAnyOfSeveralEndTokens() throws IOException {
    CheckpointSpec spec = CheckpointSpec.v3().with("num_nextn_predict_layers", 3).agreeing();
    GeneratedCase free = GeneratedCase.make(spec, folder.resolve("free"));
    Step whole =
        free.speculation().steps().stream()
            .filter(s -> s.accepted() == 3)
            .findFirst()
            .orElseThrow();
    int end = whole.emitted().get(1);
    GeneratedCase ended =
        GeneratedCase.make(spec.with("eos_token_id", List.of(1, 2, end)), folder.resolve("ended"));
    int[] emitted = ended.emitted();
    assertThat(emitted[emitted.length - 1]).isEqualTo(end);
    Step last = ended.speculation().steps().getLast();
    assertThat(last.emitted()).contains(end).last().isNotEqualTo(end);
    try (Engine engine = Engine.open(ended.folder(), OPTIONS)) {
      generation(ended, engine);
    }
  }

  private static void forward(Pass expected, ForwardTrace actual) {
    near(actual.logits(), expected.logits(), 2e-4, "logits");
    expected
        .hidden()
        .forEach(
            (name, rows) -> {
              if (!name.equals("before_norm")) {
                near(actual.hidden().get(name), rows, hiddenTolerance(rows), name);
              }
            });
    assertThat(actual.routing().keySet()).isEqualTo(expected.routing().keySet());
    expected
        .routing()
        .forEach((layer, rows) -> routing(rows, actual.routing().get(layer), "layer " + layer));
  }

  private static void modules(List<MtpPass> expected, ForwardTrace actual) {
    assertThat(actual.mtp()).hasSameSizeAs(expected);
    for (int i = 0; i < expected.size(); i++) {
      MtpPass wanted = expected.get(i);
      ForwardTrace.Mtp found = actual.mtp().get(i);
      String place = "depth " + found.depth();
      assertThat(found.depth()).isEqualTo(i + 1);
      near(found.logits(), wanted.logits(), 2e-4, place);
      near(found.preNorm(), wanted.preNorm(), hiddenTolerance(wanted.preNorm()), place);
      near(found.postNorm(), wanted.postNorm(), hiddenTolerance(wanted.postNorm()), place);
      routing(wanted.routing(), found.routing(), place);
    }
  }

  private static void routing(List<Decision> expected, ForwardTrace.Routing actual, String place) {
    int[] ids = expected.stream().flatMapToInt(d -> Arrays.stream(d.ids())).toArray();
    assertThat(actual.ids()).as(place).isEqualTo(ids);
    double largest =
        expected.stream().flatMapToDouble(d -> Arrays.stream(d.weights())).max().orElseThrow();
    near(
        actual.weights(),
        rows(expected, Decision::weights),
        1e-5 * Math.max(1, largest),
        place + " weights");
    near(actual.scores(), rows(expected, Decision::scores), 1e-5, place + " scores");
  }

  private static List<ScoreResult> scores(GeneratedCase expected, Engine engine) {
    List<ScoreRequest> requests = new ArrayList<>();
    List<double[]> wanted = new ArrayList<>();
    for (int i = 0; i < expected.sequences().size(); i++) {
      int[] tokens = expected.sequences().get(i);
      double[][] logits = expected.passes().get(i).logits();
      for (int from = 1; from < tokens.length; from += 7) {
        requests.add(new ScoreRequest("s" + i + "." + from, tokens, from, false, false, true));
        wanted.add(
            IntStream.range(from, tokens.length)
                .mapToDouble(t -> ReferenceMath.logProbability(logits[t - 1], tokens[t]))
                .toArray());
      }
    }
    List<ScoreResult> results = engine.score(requests, WorkListener.NONE).results();
    for (int i = 0; i < requests.size(); i++) {
      near(
          results.get(i).tokenLogprobs(),
          new double[][] {wanted.get(i)},
          1e-4,
          requests.get(i).id());
      double sum = Arrays.stream(wanted.get(i)).sum();
      assertThat(results.get(i).sumLogprob()).isCloseTo(sum, within(1e-4 * wanted.get(i).length));
    }
    int scored = 0;
    for (int i = 0; i < requests.size(); i++) {
      scored += modules(expected, requests.get(i), results.get(i));
    }
    assertThat(scored > 0).isEqualTo(expected.model().mtpDepth() > 0);
    return results;
  }

  /** Row i of a module at depth k predicts token i + k + 1; returns how many were compared. */
  private static int modules(GeneratedCase expected, ScoreRequest request, ScoreResult result) {
    int[] tokens = request.tokens();
    List<MtpPass> passes = expected.mtp().get(expected.sequences().indexOf(tokens));
    assertThat(result.modules()).hasSize(expected.model().mtpDepth());
    int compared = 0;
    for (ModuleScore found : result.modules()) {
      int depth = found.depth();
      double[] wanted =
          IntStream.range(Math.max(request.from(), depth + 1), tokens.length)
              .mapToDouble(
                  t ->
                      ReferenceMath.logProbability(
                          passes.get(depth - 1).logits()[t - depth - 1], tokens[t]))
              .toArray();
      String place = request.id() + " depth " + depth;
      near(found.tokenLogprobs(), new double[][] {wanted}, 1e-4, place);
      assertThat(found.sumLogprob())
          .isCloseTo(Arrays.stream(wanted).sum(), within(1e-4 * wanted.length));
      compared += wanted.length;
    }
    return compared;
  }

  private static void generation(GeneratedCase expected, Engine engine) {
    boolean speculative = expected.model().mtpDepth() > 0;
    List<GenerateRequest> requests = new ArrayList<>();
    requests.add(GenerateRequest.greedy("plain", expected.prompt(), expected.limit()));
    if (speculative) {
      requests.add(
          new GenerateRequest(
              "drafted", expected.prompt(), expected.limit(), List.of(), 0, 1, 0, true, false));
    }
    List<GenerateResult> results = engine.generate(requests, WorkListener.NONE).results();
    int[] emitted = expected.emitted();
    boolean ends = expected.model().ends(emitted[emitted.length - 1]);
    for (GenerateResult result : results) {
      assertThat(result.tokens()).as(result.id()).isEqualTo(emitted);
      assertThat(result.finish()).isEqualTo(ends ? Finish.EOS : Finish.LENGTH);
    }
    if (speculative) {
      List<Step> steps =
          results.get(1).steps().stream()
              .map(s -> new Step(s.prefixLength(), s.drafts(), s.accepted(), s.emitted()))
              .toList();
      assertThat(steps).isEqualTo(expected.speculation().steps());
    }
  }

  private static double[][] rows(List<Decision> decisions, Function<Decision, double[]> part) {
    return decisions.stream().map(part).toArray(double[][]::new);
  }

  private static double hiddenTolerance(double[][] rows) {
    double squares =
        Arrays.stream(rows).flatMapToDouble(Arrays::stream).map(x -> x * x).average().orElseThrow();
    return 1e-4 * Math.max(1, Math.sqrt(squares));
  }

  private static void near(float[] actual, double[][] expected, double tolerance, String place) {
    double[] flat = Arrays.stream(expected).flatMapToDouble(Arrays::stream).toArray();
    assertThat(actual).as(place).hasSize(flat.length);
    for (int i = 0; i < flat.length; i++) {
      // Negated, so that a NaN fails.
      if (!(Math.abs(actual[i] - flat[i]) <= tolerance)) {
        throw new AssertionError(
            place + " [" + i + "]: found " + actual[i] + ", the reference says " + flat[i]);
      }
    }
  }
}
