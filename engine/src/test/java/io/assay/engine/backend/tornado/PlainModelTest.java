package io.assay.engine.backend.tornado;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.assay.engine.Engine;
import io.assay.engine.EngineException;
import io.assay.engine.EngineOptions;
import io.assay.engine.ErrorCode;
import io.assay.engine.backend.AttentionForm;
import io.assay.engine.backend.Backend;
import io.assay.engine.backend.HeadResult;
import io.assay.engine.trace.ForwardTrace;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Whole models through all kernels and their wiring, as plain Java: what a device has to compute,
 * without one.
 */
final class PlainModelTest {
  private static final double TOLERANCE = 1e-4;

  /** Bytes that the weights of a layer and 8 rows need. */
  private static final long LITTLE_MEMORY = 3_400_000;

  /** Bytes that cut the head of v3-fp8 in two and its experts in several parts. */
  private static final long SMALL_ARRAY = 170_000;

  @ParameterizedTest
  @CsvSource({
    "v3-basic,EXPANDED",
    "v3-basic,ABSORBED",
    "v3-yarn,ABSORBED",
    "v3-fp8,EXPANDED",
    "v3-fp8,ABSORBED",
    "v2-lite,EXPANDED",
    "v2-group,EXPANDED"
  })
  void computesWhatTheCpuBackendComputes(String name, AttentionForm form) {
    ForwardTrace found;
    ForwardTrace expected;
    try (GoldenModel model = new GoldenModel(name, new PlainRunner(), false)) {
      found = model.trace(6, form);
    }
    EngineOptions cpu = EngineOptions.defaults().withBackend("cpu").withThreads(1);
    try (Engine engine = Engine.open(GoldenModel.folder(name), cpu)) {
      expected = engine.trace(GoldenModel.tokens(6), form);
    }
    close(found.logits(), expected.logits(), "logits");
    assertThat(found.hidden().keySet()).isEqualTo(expected.hidden().keySet());
    expected.hidden().forEach((key, value) -> close(found.hidden().get(key), value, key));
    assertThat(found.routing().keySet()).isEqualTo(expected.routing().keySet());
    expected
        .routing()
        .forEach(
            (layer, routing) -> {
              assertThat(found.routing().get(layer).ids()).isEqualTo(routing.ids());
              close(found.routing().get(layer).weights(), routing.weights(), "weights");
              close(found.routing().get(layer).scores(), routing.scores(), "scores");
            });
    assertThat(found.mtp()).hasSameSizeAs(expected.mtp());
    for (int i = 0; i < found.mtp().size(); i++) {
      close(found.mtp().get(i).logits(), expected.mtp().get(i).logits(), "MTP logits");
    }
  }

  /** Small arrays and little memory: parts, blocks of rows, streamed layers. */
  @Test
  void whatIsCutHasTheSameBits() {
    ForwardTrace whole;
    PlainRunner much = new PlainRunner();
    try (GoldenModel model = new GoldenModel("v3-fp8", much, false)) {
      whole = model.trace(11, AttentionForm.EXPANDED);
    }
    PlainRunner little = new PlainRunner(LITTLE_MEMORY, SMALL_ARRAY);
    try (GoldenModel model = new GoldenModel("v3-fp8", little, true)) {
      ForwardTrace cut = model.trace(11, AttentionForm.EXPANDED);
      assertThat(little.runs()).isGreaterThan(3 * much.runs() / 2);
      assertThat(cut.logits()).isEqualTo(whole.logits());
      assertThat(cut.hidden().get("layers.2.out")).isEqualTo(whole.hidden().get("layers.2.out"));
      assertThat(cut.mtp().getFirst().logits()).isEqualTo(whole.mtp().getFirst().logits());
      // Rows were on the host, and what was chosen for them came back layer by layer.
      assertThat(cut.routing()).usingRecursiveComparison().isEqualTo(whole.routing());
    }
  }

  /** What a device computes again in smaller blocks has the same bits. */
  @Test
  void outOfMemoryMakesBlocksSmaller() {
    PlainRunner runner = new PlainRunner();
    try (GoldenModel model = new GoldenModel("v3-basic", runner, false)) {
      ForwardTrace whole = model.trace(9, AttentionForm.EXPANDED);
      Backend backend = model.transformer().backend();
      runner.failAt(3);
      EngineException full =
          catchThrowableOfType(EngineException.class, () -> model.trace(9, AttentionForm.EXPANDED));
      assertThat(full.code()).isEqualTo(ErrorCode.OUT_OF_MEMORY);
      int times = 0;
      while (backend.shrink(full)) {
        times++;
      }
      // From 256 rows to 8.
      assertThat(times).isEqualTo(5);
      int before = runner.runs();
      assertThat(model.trace(9, AttentionForm.EXPANDED).logits()).isEqualTo(whole.logits());
      assertThat(runner.runs() - before)
          .isGreaterThan(2 * model.transformer().config().numLayers());
      EngineException heap = new EngineException(ErrorCode.OUT_OF_MEMORY, "the heap is full");
      assertThat(backend.shrink(heap)).isFalse();
    }
  }

  @Test
  void theHeadAgreesWithItsLogits() {
    try (GoldenModel model = new GoldenModel("v2-lite", new PlainRunner(), false)) {
      int hidden = model.transformer().config().hiddenSize();
      int vocabulary = model.transformer().config().vocabSize();
      float[] x = io.assay.engine.backend.cpu.RandomMatrix.vector(5 * hidden, 3);
      // Equal rows have equal results.
      System.arraycopy(x, 0, x, 3 * hidden, hidden);
      var rows = model.transformer().backend().write(x, hidden);
      int[] targetRows = {0, 4, 4, 3, 1};
      int[] targets = {0, vocabulary - 1, 17, 0, 300};
      HeadResult head = model.transformer().head(rows, targetRows, targets);
      float[] logits = model.transformer().logits(rows);
      for (int r = 0; r < 5; r++) {
        int best = 0;
        for (int t = 1; t < vocabulary; t++) {
          best = logits[r * vocabulary + t] > logits[r * vocabulary + best] ? t : best;
        }
        assertThat(head.best()[r]).isEqualTo(best);
      }
      for (int i = 0; i < targets.length; i++) {
        double sum = 0;
        int row = targetRows[i] * vocabulary;
        for (int t = 0; t < vocabulary; t++) {
          sum += StrictMath.exp(logits[row + t]);
        }
        Fixture.close(
            head.logprobs()[i], logits[row + targets[i]] - StrictMath.log(sum), "target " + i);
      }
      assertThat(head.logprobs()[3]).isEqualTo(head.logprobs()[0]);
      // The embedding's tasks are in the same graph, and its tokens where rows and tokens stood.
      int[] tokens = {300, 299, 298, 297, 296, 295, 294, 293, 292, 291};
      Backend backend = model.transformer().backend();
      assertThat(backend.read(backend.embed(tokens))).hasSize(tokens.length * hidden);
    }
  }

  private static void close(float[] found, float[] expected, String what) {
    assertThat(found).as(what).hasSameSizeAs(expected);
    for (int i = 0; i < found.length; i++) {
      assertThat((double) Math.abs(found[i] - expected[i])).as(what).isLessThan(TOLERANCE);
    }
  }
}
