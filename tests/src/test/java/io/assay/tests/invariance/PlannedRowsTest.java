package io.assay.tests.invariance;

import static org.assertj.core.api.Assertions.assertThat;

import io.assay.engine.Engine;
import io.assay.engine.EngineOptions;
import io.assay.engine.EnginePlan;
import io.assay.engine.WeightMode;
import io.assay.engine.WorkListener;
import io.assay.engine.WorkStats;
import io.assay.engine.score.ScorePlan;
import io.assay.engine.score.ScoreRequest;
import io.assay.tests.generated.CheckpointGenerator;
import io.assay.tests.generated.CheckpointSpec;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is planned without weights is what the engine computes and reads. */
class PlannedRowsTest {
  @TempDir private static Path folder;
  private static Path model;

  @BeforeAll
  static void write() {
    model = folder.resolve("model");
    Path tokenizer =
        Path.of(System.getProperty("assay.root", ".."), "tests/golden/v3-basic/checkpoint");
    CheckpointGenerator.write(CheckpointSpec.v3(), model, tokenizer);
  }

  /** Prefixes of prefixes: a header of 200 tokens, 20 questions, 3 answers each, some twice. */
  private static List<ScoreRequest> requests() {
    Random random = new Random(5);
    List<ScoreRequest> requests = new ArrayList<>();
    int[] header = random.ints(200, 0, 500).toArray();
    for (int question = 0; question < 20; question++) {
      int[] asked = append(header, random.ints(1 + random.nextInt(12), 0, 500).toArray());
      for (int choice = 0; choice < 3; choice++) {
        int[] whole = append(asked, random.ints(1 + random.nextInt(4), 0, 500).toArray());
        requests.add(new ScoreRequest(question + "/" + choice, whole, asked.length));
        if (random.nextInt(5) == 0) {
          requests.add(new ScoreRequest(question + "/again", whole, asked.length));
        }
      }
    }
    return requests;
  }

  private static int[] append(int[] head, int[] tail) {
    int[] whole = Arrays.copyOf(head, head.length + tail.length);
    System.arraycopy(tail, 0, whole, head.length, tail.length);
    return whole;
  }

  /** Memory for everything, for 64 rows a pass, and for less than the header's latents. */
  @ParameterizedTest
  @CsvSource({
    "RESIDENT, 0, 0",
    "RESIDENT, 64, 0",
    "RESIDENT, 0, 300000",
    "STREAMED, 0, 0",
    "STREAMED, 64, 0",
    "STREAMED, 0, 300000"
  })
  void aPlanCountsWhatTheEngineComputes(WeightMode weights, int batchRows, long memory) {
    EngineOptions options =
        EngineOptions.defaults()
            .withThreads(2)
            .withWeights(weights)
            .withBatchRows(batchRows)
            .withMemoryBytes(memory);
    List<ScoreRequest> requests = requests();
    ScorePlan plan;
    long read;
    try (EnginePlan engine = EnginePlan.open(model, options)) {
      plan =
          ScorePlan.of(
              engine.config(), engine.budget(engine.memoryBytes()), engine.maxLength(), requests);
      read = weights == WeightMode.STREAMED ? engine.streamBytes().read(plan.passes()) : 0;
    }

    List<Long> progress = new ArrayList<>();
    WorkStats stats;
    try (Engine engine = Engine.open(model, options)) {
      stats = engine.score(requests, (done, submitted, computed) -> progress.add(computed)).stats();
    }

    assertThat(plan.computed()).isEqualTo(stats.tokensComputed());
    assertThat(plan.submitted()).isEqualTo(stats.tokensSubmitted());
    assertThat(plan.passes()).isEqualTo(progress.size());
    assertThat(Arrays.stream(plan.rows()).sum()).isEqualTo(plan.computed());
    // The first layer may be on its way already for a call that does not come.
    assertThat(stats.weightBytes()).isBetween(read, read + read / plan.passes());
    if (memory == 0) {
      assertThat(plan.computed()).isLessThan(plan.submitted() / 10);
    } else {
      assertThat(plan.passes()).isGreaterThan(1);
    }
  }

  @Test
  void nothingToScoreIsNothingToCompute() {
    try (EnginePlan engine = EnginePlan.open(model, EngineOptions.defaults());
        Engine opened = Engine.open(model, EngineOptions.defaults().withThreads(2))) {
      ScorePlan plan =
          ScorePlan.of(
              engine.config(), engine.budget(engine.memoryBytes()), engine.maxLength(), List.of());
      assertThat(plan.computed()).isZero();
      assertThat(plan.passes()).isZero();
      assertThat(opened.score(List.of(), WorkListener.NONE).stats().tokensComputed()).isZero();
      assertThat(opened.device()).startsWith("cpu, 2 threads, ");
      assertThat(opened.plan().device()).isEqualTo(opened.device());
      assertThat(engine.weights().orElseThrow().bytes())
          .isEqualTo(engine.inspection().storage().bytes());
    }
  }
}
