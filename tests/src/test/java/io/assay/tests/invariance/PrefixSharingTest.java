package io.assay.tests.invariance;

import static org.assertj.core.api.Assertions.assertThat;

import io.assay.engine.Engine;
import io.assay.engine.Engine.Answers;
import io.assay.engine.EngineOptions;
import io.assay.engine.WeightMode;
import io.assay.engine.WorkListener;
import io.assay.engine.score.ScoreRequest;
import io.assay.engine.score.ScoreResult;
import io.assay.tests.generated.CheckpointGenerator;
import io.assay.tests.generated.CheckpointSpec;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Promise 3 within a call: however little is computed at a time, nothing is computed twice. */
class PrefixSharingTest {
  private static final int HEADER = 300;

  @TempDir private static Path model;
  private final Random random = new Random(11);

  @BeforeAll
  static void write() {
    Path tokenizer =
        Path.of(System.getProperty("assay.root", ".."), "tests/golden/v3-basic/checkpoint");
    CheckpointGenerator.write(CheckpointSpec.v3(), model.resolve("model"), tokenizer);
  }

  private static Engine open(EngineOptions options) {
    return Engine.open(model.resolve("model"), options.withThreads(2));
  }

  private int[] tokens(int[] before, int more) {
    int[] tokens = Arrays.copyOf(before, before.length + more);
    for (int i = before.length; i < tokens.length; i++) {
      tokens[i] = random.nextInt(500);
    }
    return tokens;
  }

  /** One few-shot header, 50 questions, 4 choices each; the header itself is scored as well. */
  private List<ScoreRequest> multipleChoice() {
    int[] header = tokens(new int[0], HEADER);
    List<ScoreRequest> requests = new ArrayList<>();
    requests.add(new ScoreRequest("header", header, 1));
    for (int question = 0; question < 50; question++) {
      int[] asked = tokens(header, 3 + random.nextInt(20));
      for (int choice = 0; choice < 4; choice++) {
        int[] answered = tokens(asked, 2 + random.nextInt(5));
        requests.add(new ScoreRequest(question + "/" + choice, answered, asked.length));
      }
    }
    return requests;
  }

  private static long distinctPrefixes(List<ScoreRequest> requests) {
    Set<List<Integer>> prefixes = new HashSet<>();
    for (ScoreRequest request : requests) {
      List<Integer> fed = IntStream.of(request.tokens()).boxed().toList();
      for (int n = 1; n < fed.size(); n++) {
        prefixes.add(fed.subList(0, n));
      }
    }
    return prefixes.size();
  }

  private static void same(ScoreResult actual, ScoreResult expected) {
    assertThat(actual.tokenLogprobs()).as(actual.id()).isEqualTo(expected.tokenLogprobs());
    assertThat(actual.greedy()).isEqualTo(expected.greedy());
    assertThat(actual.counts().weightSums()).isDeepEqualTo(expected.counts().weightSums());
  }

  @ParameterizedTest
  @EnumSource(
      value = WeightMode.class,
      names = {"RESIDENT", "STREAMED"})
  void everyDistinctPrefixIsComputedOnce(WeightMode weights) {
    List<ScoreRequest> requests = multipleChoice();
    EngineOptions options = EngineOptions.defaults().withWeights(weights);
    Answers<ScoreResult> whole;
    try (Engine engine = open(options)) {
      whole = engine.score(requests, WorkListener.NONE);
    }
    try (Engine engine = open(options.withBatchRows(64))) {
      List<Long> computed = new ArrayList<>();
      Answers<ScoreResult> cut =
          engine.score(requests, (done, submitted, rows) -> computed.add(rows));
      assertThat(cut.stats().tokensComputed()).isEqualTo(distinctPrefixes(requests));
      assertThat(cut.stats().tokensSubmitted())
          .isEqualTo(requests.stream().mapToLong(r -> r.tokens().length - 1L).sum());
      assertThat(computed.getFirst()).isEqualTo(64);
      for (int i = 1; i < computed.size(); i++) {
        assertThat(computed.get(i) - computed.get(i - 1)).isBetween(1L, 64L);
      }
      for (int i = 0; i < requests.size(); i++) {
        same(cut.results().get(i), whole.results().get(i));
      }
      int[] some = {0, 1, 77, 200};
      for (int i : some) {
        List<ScoreRequest> alone = List.of(requests.get(i));
        same(engine.score(alone, WorkListener.NONE).results().getFirst(), whole.results().get(i));
      }
    }
  }

  @Test
  void prefixesTooLongToKeepCostAtMostAsMuchAgain() {
    List<ScoreRequest> requests = multipleChoice();
    Answers<ScoreResult> whole;
    try (Engine engine = open(EngineOptions.defaults())) {
      whole = engine.score(requests, WorkListener.NONE);
    }
    // Latents of about 130 rows can be kept, of a header of 300.
    try (Engine engine = open(EngineOptions.defaults().withMemoryBytes(500_000))) {
      Answers<ScoreResult> cut = engine.score(requests, WorkListener.NONE);
      long distinct = distinctPrefixes(requests);
      assertThat(cut.stats().tokensComputed()).isBetween(distinct + 1, 2 * distinct);
      for (int i = 0; i < requests.size(); i++) {
        same(cut.results().get(i), whole.results().get(i));
      }
    }
  }
}
