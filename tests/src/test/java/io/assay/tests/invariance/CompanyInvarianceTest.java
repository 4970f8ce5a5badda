package io.assay.tests.invariance;

import static org.assertj.core.api.Assertions.assertThat;

import io.assay.engine.Engine;
import io.assay.engine.EngineOptions;
import io.assay.engine.Precision;
import io.assay.engine.WeightMode;
import io.assay.engine.WorkListener;
import io.assay.engine.generate.GenerateRequest;
import io.assay.engine.generate.GenerateResult;
import io.assay.engine.score.ScoreRequest;
import io.assay.engine.score.ScoreResult;
import io.assay.engine.speculative.DraftStep;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Promise 1: a request's answer is the same, bit for bit, alone and in any company, in any order,
 * for any number of threads, any batch size and memory, and with resident or streamed weights, at
 * each precision.
 */
class CompanyInvarianceTest {
  private static final Path GOLDEN = Path.of(System.getProperty("assay.root"), "tests/golden");
  private static final int VOCABULARY = 500;

  private static Engine open(String golden, Precision precision) {
    return Engine.open(
        checkpoint(golden), EngineOptions.defaults().withPrecision(precision).withThreads(1));
  }

  private static Path checkpoint(String golden) {
    return GOLDEN.resolve(golden).resolve("checkpoint");
  }

  /** Random sequences of which many share prefixes of all lengths. */
  private static List<int[]> sequences(Random random, int count, int longest) {
    List<int[]> made = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int length = 2 + random.nextInt(longest - 1);
      int[] tokens = random.ints(length, 0, VOCABULARY).toArray();
      if (!made.isEmpty() && random.nextInt(4) > 0) {
        int[] other = made.get(random.nextInt(made.size()));
        System.arraycopy(other, 0, tokens, 0, Math.min(length, 1 + random.nextInt(other.length)));
      }
      made.add(tokens);
    }
    return made;
  }

  @ParameterizedTest
  @CsvSource({
    "v3-basic, FP32",
    "v3-yarn, FP32",
    "v3-fp8, FP32",
    "v2-group, FP32",
    "v3-basic, BF16",
    "v3-fp8, BF16"
  })
  void scoresDoNotDependOnCompany(String golden, Precision precision) {
    Random random = new Random(golden.hashCode());
    List<ScoreRequest> requests = new ArrayList<>();
    for (int[] tokens : sequences(random, 40, 90)) {
      int from = 1 + random.nextInt(tokens.length - 1);
      boolean modules = random.nextInt(3) > 0;
      requests.add(new ScoreRequest("r" + requests.size(), tokens, from, true, true, modules));
    }
    List<ScoreResult> alone = new ArrayList<>();
    try (Engine engine = open(golden, precision)) {
      for (ScoreRequest request : requests) {
        alone.addAll(engine.score(List.of(request), WorkListener.NONE).results());
      }
    }
    EngineOptions plain =
        EngineOptions.defaults().withPrecision(precision).withWeights(WeightMode.RESIDENT);
    EngineOptions streamed = plain.withWeights(WeightMode.STREAMED);
    for (EngineOptions options :
        List.of(
            plain.withThreads(1),
            plain.withThreads(2),
            plain.withThreads(3).withBatchRows(64),
            plain.withThreads(1).withBatchRows(1),
            plain.withThreads(2).withBatchRows(7),
            // Nothing can be kept; then some twenty rows.
            plain.withThreads(1).withMemoryBytes(1),
            plain.withThreads(2).withMemoryBytes(80_000),
            streamed.withThreads(1).withMemoryBytes(80_000),
            streamed.withThreads(2),
            streamed.withThreads(1).withBatchRows(50))) {
      int modules = 0;
      List<ScoreRequest> shuffled = new ArrayList<>(requests);
      Collections.shuffle(shuffled, random);
      try (Engine engine = Engine.open(checkpoint(golden), options)) {
        for (ScoreResult result : engine.score(shuffled, WorkListener.NONE).results()) {
          ScoreResult expected = alone.get(Integer.parseInt(result.id().substring(1)));
          assertThat(result.tokenLogprobs()).isEqualTo(expected.tokenLogprobs());
          assertThat(result.sumLogprob()).isEqualTo(expected.sumLogprob());
          assertThat(result.greedy()).isEqualTo(expected.greedy());
          assertThat(result.experts()).isDeepEqualTo(expected.experts());
          assertThat(result.counts().tokens()).isDeepEqualTo(expected.counts().tokens());
          assertThat(result.counts().weightSums()).isDeepEqualTo(expected.counts().weightSums());
          assertThat(result.balance().highest()).isDeepEqualTo(expected.balance().highest());
          assertThat(result.balance().shares()).isDeepEqualTo(expected.balance().shares());
          assertThat(result.modules())
              .usingRecursiveFieldByFieldElementComparator()
              .isEqualTo(expected.modules());
          modules += result.modules().size();
        }
        assertThat(modules > 0).isEqualTo(engine.config().mtpModules() > 0);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "v3-basic, FP32",
    "v3-yarn, FP32",
    "v3-fp8, FP32",
    "v2-lite, FP32",
    "v3-basic, BF16",
    "v3-fp8, BF16"
  })
  void continuationsDoNotDependOnCompanyNorOnDrafts(String golden, Precision precision) {
    Random random = new Random(golden.hashCode() + 1L);
    List<GenerateRequest> requests = new ArrayList<>();
    for (int[] prompt : sequences(random, 12, 60)) {
      double temperature = requests.size() % 4 == 3 ? 0.8 : 0;
      requests.add(
          new GenerateRequest(
              "r" + requests.size(),
              prompt,
              1 + random.nextInt(24),
              List.of(),
              temperature,
              0.9,
              random.nextLong(),
              false,
              random.nextBoolean(),
              false,
              true));
    }
    List<GenerateResult> alone = new ArrayList<>();
    try (Engine engine = open(golden, precision)) {
      for (GenerateRequest request : requests) {
        alone.addAll(engine.generate(List.of(request), WorkListener.NONE).results());
      }
    }
    List<GenerateRequest> shuffled =
        new ArrayList<>(requests.stream().flatMap(r -> Stream.of(r, drafted(r))).toList());
    Collections.shuffle(shuffled, random);
    EngineOptions plain =
        EngineOptions.defaults().withPrecision(precision).withWeights(WeightMode.RESIDENT);
    Map<String, List<DraftStep>> drafted = new HashMap<>();
    int proposed = 0;
    int accepted = 0;
    boolean drafts = false;
    for (EngineOptions options :
        List.of(
            plain.withThreads(2),
            plain.withThreads(1).withBatchRows(40),
            plain.withThreads(2).withWeights(WeightMode.STREAMED))) {
      try (Engine engine = Engine.open(checkpoint(golden), options)) {
        for (GenerateResult result : engine.generate(shuffled, WorkListener.NONE).results()) {
          GenerateResult expected = alone.get(Integer.parseInt(result.id().substring(1)));
          assertThat(result.tokens()).isEqualTo(expected.tokens());
          assertThat(result.text()).isEqualTo(expected.text());
          assertThat(result.finish()).isEqualTo(expected.finish());
          assertThat(result.promptCounts().tokens())
              .isDeepEqualTo(expected.promptCounts().tokens());
          assertThat(result.generatedCounts().tokens())
              .isDeepEqualTo(expected.generatedCounts().tokens());
          assertThat(result.experts()).isDeepEqualTo(expected.experts());
          if (!result.steps().isEmpty()) {
            List<DraftStep> before = drafted.putIfAbsent(result.id(), result.steps());
            assertThat(result.steps()).isEqualTo(before == null ? result.steps() : before);
            proposed += Arrays.stream(result.proposed()).sum();
            accepted += Arrays.stream(result.accepted()).sum();
          }
        }
        drafts |= engine.config().mtpModules() > 0;
      }
    }
    // Some drafts were right and some were not; a model without modules drafts nothing.
    assertThat(accepted > 0 && proposed > accepted).isEqualTo(drafts);
    assertThat(drafted.isEmpty()).isNotEqualTo(drafts);
  }

  private static GenerateRequest drafted(GenerateRequest r) {
    return new GenerateRequest(
        r.id(),
        r.prompt(),
        r.maxNewTokens(),
        r.stop(),
        r.temperature(),
        r.topP(),
        r.seed(),
        true,
        r.ignoreEos(),
        false,
        true);
  }
}
