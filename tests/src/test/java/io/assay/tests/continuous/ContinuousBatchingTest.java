package io.assay.tests.continuous;

import static org.assertj.core.api.Assertions.assertThat;

import io.assay.engine.WorkListener;
import io.assay.engine.generate.GenerateRequest;
import io.assay.engine.generate.GenerateResult;
import io.assay.tests.continuous.OpenedGenerator.Answered;
import io.assay.tests.generated.CheckpointGenerator;
import io.assay.tests.generated.CheckpointSpec;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What continuous batching is for, in counts: few passes, no prefix twice, no more memory. */
class ContinuousBatchingTest {
  private static final int PLENTY = 1 << 16;
  private static final int HEADER = 40;

  @TempDir private static Path model;
  private final Random random = new Random(5);

  @BeforeAll
  static void write() {
    Path tokenizer =
        Path.of(System.getProperty("assay.root", ".."), "tests/golden/v3-basic/checkpoint");
    CheckpointGenerator.write(
        CheckpointSpec.v3().with("num_hidden_layers", 2).agreeing(),
        model.resolve("model"),
        tokenizer);
  }

  private static OpenedGenerator open() {
    return new OpenedGenerator(model.resolve("model"), 2);
  }

  /** Prompts of a common header and a question of 5 tokens; every tenth is answered at length. */
  private List<GenerateRequest> questions(int count, boolean speculative) {
    int[] header = random.ints(HEADER, 0, 500).toArray();
    List<GenerateRequest> requests = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int[] prompt = Arrays.copyOf(header, HEADER + 5);
      for (int t = HEADER; t < prompt.length; t++) {
        prompt[t] = random.nextInt(500);
      }
      int tokens = i % 10 == 0 ? 60 : 2 + random.nextInt(5);
      requests.add(
          new GenerateRequest(
              "q" + i, prompt, tokens, List.of(), 0, 1, 0, speculative, /* ignoreEos= */ true));
    }
    return requests;
  }

  /** Rows of the distinct beginnings of the prompts. */
  private static long distinctPrefixes(List<GenerateRequest> requests) {
    return requests.stream()
        .flatMap(
            r ->
                Stream.iterate(1, n -> n <= r.prompt().length, n -> n + 1)
                    .map(n -> Arrays.toString(Arrays.copyOf(r.prompt(), n))))
        .distinct()
        .count();
  }

  /** Passes if groups of neighbours ran until their last member was finished. */
  private static int passesOfGroups(List<GenerateRequest> requests, int size) {
    List<GenerateRequest> sorted = new ArrayList<>(requests);
    sorted.sort((a, b) -> Arrays.compare(a.prompt(), b.prompt()));
    int passes = 0;
    for (int from = 0; from < sorted.size(); from += size) {
      passes +=
          sorted.subList(from, Math.min(sorted.size(), from + size)).stream()
              .mapToInt(GenerateRequest::maxNewTokens)
              .max()
              .orElseThrow();
    }
    return passes;
  }

  @Test
  void theBatchStaysFullWhateverTheLengths() {
    List<GenerateRequest> requests = questions(300, false);
    int total = requests.stream().mapToInt(GenerateRequest::maxNewTokens).sum();
    int longest = 60;
    for (int concurrency : new int[] {4, 16, 32}) {
      try (OpenedGenerator generator = open()) {
        Answered answered =
            generator.generate(requests, concurrency, PLENTY, PLENTY, WorkListener.NONE);
        int full = total / concurrency;
        // Up to an eighth of the places may be empty before others join, and the last ones run out.
        assertThat(generator.passes()).isBetween(full, full + full / 7 + longest);
        assertThat(generator.passes()).isLessThan(passesOfGroups(requests, concurrency) * 2 / 3);
        // The header is computed once although 300 requests take turns in so few places.
        int fedBack = total - requests.size();
        assertThat(answered.stats().tokensComputed())
            .isEqualTo(distinctPrefixes(requests) + fedBack);
      }
    }
  }

  @Test
  void slotsOfThoseWhoLeftAreUsedAgain() {
    List<GenerateRequest> requests = questions(60, true);
    // Enough for four to eight at a time; 60 of them need many times that.
    int slots = 500;
    try (OpenedGenerator generator = open()) {
      Answered answered = generator.generate(requests, 128, PLENTY, slots, WorkListener.NONE);
      assertThat(generator.cacheSizes()).containsOnly(0, slots);
      int steps = answered.results().stream().mapToInt(GenerateResult::mainSteps).sum();
      // No fewer than three on average: nobody waits until the slots of a whole group are free.
      assertThat(generator.passes()).isLessThan(steps / 3);
      for (int i : new int[] {0, 10, 33, 59}) {
        assertThat(answered.results().get(i).steps())
            .isEqualTo(generator.alone(requests.get(i)).steps());
      }
    }
  }

  @Test
  void aRequestThatNeedsMoreThanTheBudgetRunsAlone() {
    List<GenerateRequest> requests = questions(12, true);
    List<Long> done = new ArrayList<>();
    try (OpenedGenerator generator = open()) {
      Answered answered =
          generator.generate(requests, 128, PLENTY, 60, (d, submitted, computed) -> done.add(d));
      // A prompt of 45, 59 tokens fed back, a draft; the module's cache holds no drafts. The others
      // share caches of the usual size.
      int alone = HEADER + 5 + 59;
      assertThat(generator.cacheSizes()).containsOnly(0, 60, alone, alone + 1);
      assertThat(done).last().isEqualTo(12L);
      for (int i = 0; i < requests.size(); i++) {
        assertThat(answered.results().get(i).tokens()).hasSize(requests.get(i).maxNewTokens());
      }
    }
  }
}
