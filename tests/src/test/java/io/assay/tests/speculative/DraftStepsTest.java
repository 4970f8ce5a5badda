package io.assay.tests.speculative;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.assay.engine.Engine;
import io.assay.engine.EngineOptions;
import io.assay.engine.WorkListener;
import io.assay.engine.checkpoint.SafetensorsWriter;
import io.assay.engine.generate.GenerateRequest;
import io.assay.engine.generate.GenerateResult;
import io.assay.engine.speculative.DraftStep;
import io.assay.engine.trace.ForwardTrace;
import io.assay.tests.generated.CheckpointGenerator;
import io.assay.tests.generated.CheckpointSpec;
import io.assay.tests.launcher.Project;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Drafts and entropies of speculative steps, against one forward pass over the same text. */
class DraftStepsTest {
  private static final Path TOKENIZER = Project.root().resolve("tests/golden/v3-basic/checkpoint");
  private static final int VOCABULARY = 528;
  private static final int HIDDEN = 64;
  private static final int NEW_TOKENS = 12;

  /** Attention in its absorbed form rounds otherwise than in the expanded one of the pass. */
  private static final float CLOSE = 2e-4f;

  @TempDir private Path folder;

  private Engine open(String hidden, int threads) {
    Path model = folder.resolve(hidden);
    if (!model.toFile().exists()) {
      CheckpointGenerator.write(
          CheckpointSpec.v3()
              .with("num_nextn_predict_layers", 2)
              .with("mtp_hidden", hidden)
              .agreeing(),
          model,
          TOKENIZER);
    }
    return Engine.open(model, EngineOptions.defaults().withBackend("cpu").withThreads(threads));
  }

  /** The same with a final norm that changes many signs, so that it matters who reads behind it. */
  private Engine openTurning(String hidden) throws IOException {
    open(hidden, 1).close();
    SplittableRandom random = new SplittableRandom(9);
    float[] weights = new float[HIDDEN];
    for (int i = 0; i < HIDDEN; i++) {
      weights[i] = (random.nextBoolean() ? 1 : -1) * (float) random.nextDouble(0.5, 2);
    }
    Path overlay = folder.resolve("norm.safetensors");
    try (FileChannel out =
        FileChannel.open(overlay, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      SafetensorsWriter.write(
          out, Map.of(), List.of(SafetensorsWriter.Tensor.ofFloats("model.norm.weight", weights)));
    }
    return Engine.open(
        folder.resolve(hidden),
        EngineOptions.defaults().withBackend("cpu").withThreads(2).withOverlay(overlay));
  }

  /** Prompts of several lengths, some of which begin alike. */
  private static List<GenerateRequest> requests(boolean entropies) {
    SplittableRandom random = new SplittableRandom(5);
    int[] common = random.ints(9, 2, VOCABULARY).toArray();
    List<GenerateRequest> requests = new ArrayList<>();
    for (int length : new int[] {0, 1, 4, 30}) {
      for (int[] begin : List.of(common, new int[] {7})) {
        int[] prompt =
            IntStream.concat(Arrays.stream(begin), random.ints(length, 2, VOCABULARY)).toArray();
        requests.add(
            new GenerateRequest(
                "request " + requests.size(),
                prompt,
                NEW_TOKENS,
                List.of(),
                0,
                1,
                0,
                /* speculative= */ true,
                /* ignoreEos= */ true,
                /* reasoning= */ false,
                /* experts= */ false,
                entropies));
      }
    }
    return requests;
  }

  @ParameterizedTest
  @ValueSource(strings = {"post_norm", "pre_norm"})
  void theyAreThoseOfAPassOverTheText(String hidden) throws IOException {
    try (Engine engine = open(hidden, 2)) {
      List<DraftStep> steps = compare(engine);
      int drafts = steps.stream().mapToInt(step -> step.drafts().size()).sum();
      int accepted = steps.stream().mapToInt(DraftStep::accepted).sum();
      assertThat(accepted).isPositive().isLessThan(drafts);
    }
    try (Engine engine = openTurning(hidden)) {
      assertThat(compare(engine)).isNotEmpty();
    }
  }

  private static List<DraftStep> compare(Engine engine) {
    List<GenerateRequest> requests = requests(true);
    List<GenerateResult> results = engine.generate(requests, WorkListener.NONE).results();
    List<DraftStep> steps = new ArrayList<>();
    for (int i = 0; i < results.size(); i++) {
      int[] text = joined(requests.get(i).prompt(), results.get(i).tokens());
      results.get(i).steps().forEach(step -> compare(engine, text, step));
      steps.addAll(results.get(i).steps());
    }
    return steps;
  }

  private static void compare(Engine engine, int[] text, DraftStep step) {
    int known = step.prefixLength();
    int[] drafted = step.drafts().stream().mapToInt(Integer::intValue).toArray();
    ForwardTrace trace = engine.trace(joined(Arrays.copyOf(text, known), drafted));
    for (int d = 0; d < drafted.length; d++) {
      // Depth d + 1 reads the state before the last known token, and knows the drafts before.
      float[] module = row(trace.mtp().get(d).logits(), known - 2);
      assertThat(module[drafted[d]]).isGreaterThan(max(module) - CLOSE);
      assertThat(step.entropies().get(d))
          .isCloseTo((float) entropy(row(trace.logits(), known - 1 + d)), within(CLOSE));
    }
  }

  @Test
  void entropiesAreTheSameInAnyCompanyAndOnlyForThoseWhoAsk() {
    List<GenerateRequest> asking = requests(true);
    List<GenerateRequest> others = requests(false);
    List<GenerateResult> together;
    try (Engine engine = open("post_norm", 2)) {
      List<GenerateRequest> all = new ArrayList<>(asking);
      all.addAll(others);
      Collections.reverse(all);
      together = engine.generate(all, WorkListener.NONE).results().reversed();
    }
    try (Engine engine = open("post_norm", 1)) {
      for (int i = 0; i < asking.size(); i++) {
        List<DraftStep> alone =
            engine.generate(List.of(asking.get(i)), WorkListener.NONE).results().getFirst().steps();
        assertThat(together.get(i).steps()).isEqualTo(alone).isNotEmpty();
        assertThat(together.get(asking.size() + i).steps())
            .isNotEmpty()
            .allMatch(step -> step.entropies().isEmpty());
      }
    }
  }

  private static int[] joined(int[] first, int[] second) {
    return IntStream.concat(Arrays.stream(first), Arrays.stream(second)).toArray();
  }

  private static float[] row(float[] logits, int row) {
    return Arrays.copyOfRange(logits, row * VOCABULARY, (row + 1) * VOCABULARY);
  }

  private static float max(float[] values) {
    float max = values[0];
    for (float value : values) {
      max = Math.max(max, value);
    }
    return max;
  }

  /** By its definition, - sum p ln p. */
  private static double entropy(float[] logits) {
    double top = max(logits);
    double total = 0;
    for (float logit : logits) {
      total += Math.exp(logit - top);
    }
    double entropy = 0;
    for (float logit : logits) {
      double p = Math.exp(logit - top) / total;
      entropy -= p == 0 ? 0 : p * Math.log(p);
    }
    return entropy;
  }
}
