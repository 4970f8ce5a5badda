package io.assay.tests.overlay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.assay.engine.Engine;
import io.assay.engine.EngineException;
import io.assay.engine.EngineOptions;
import io.assay.engine.ErrorCode;
import io.assay.engine.WeightMode;
import io.assay.engine.WorkListener;
import io.assay.engine.checkpoint.Checkpoint;
import io.assay.engine.checkpoint.FloatFormats;
import io.assay.engine.checkpoint.SafetensorsWriter;
import io.assay.engine.score.ScoreRequest;
import io.assay.engine.score.ScoreResult;
import io.assay.tests.plan.SmallRun;
import io.assay.tests.plan.SmallRun.Result;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A model with an overlay is the model that a checkpoint written with its tensors would be. */
class OverlayModelTest {
  private static final Path MODEL =
      Path.of(System.getProperty("assay.root", "..")).resolve("tests/golden/v3-basic/checkpoint");
  private static final String BIAS = "model.layers.1.mlp.gate.e_score_correction_bias";
  private static final EngineOptions OPTIONS = EngineOptions.defaults().withThreads(2);
  private static final ScoreRequest REQUEST =
      new ScoreRequest("r", new int[] {0, 5, 9, 33, 70, 12, 5, 9, 41}, 1, true);

  @TempDir Path folder;

  private Path write(String name, SafetensorsWriter.Tensor... tensors) throws IOException {
    Path file = folder.resolve(name);
    try (FileChannel out =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      SafetensorsWriter.write(out, Map.of(), List.of(tensors));
    }
    return file;
  }

  private static float[] bias() {
    try (Checkpoint checkpoint = Checkpoint.open(MODEL)) {
      return FloatFormats.toFloats(checkpoint.tensor(BIAS));
    }
  }

  /** The bias with which every token chooses the last experts, whatever its scores. */
  private static float[] towardsTheLast() {
    float[] bias = bias();
    for (int e = 0; e < bias.length; e++) {
      bias[e] = 10 * e;
    }
    return bias;
  }

  private static ScoreResult score(Engine engine) {
    return engine.score(List.of(REQUEST), WorkListener.NONE).results().getFirst();
  }

  @ParameterizedTest
  @EnumSource(
      value = WeightMode.class,
      names = {"RESIDENT", "STREAMED"})
  void theRouterUsesItAndTheFingerprintTellsIt(WeightMode mode) throws IOException {
    Path same = write("same.safetensors", SafetensorsWriter.Tensor.ofFloats(BIAS, bias()));
    Path other =
        write("other.safetensors", SafetensorsWriter.Tensor.ofFloats(BIAS, towardsTheLast()));
    // A folder like a model's, with all of its tensors and the other bias.
    Path whole = Files.createDirectories(folder.resolve("whole"));
    try (Checkpoint checkpoint = Checkpoint.open(MODEL, other);
        FileChannel out =
            FileChannel.open(
                whole.resolve("model.safetensors"),
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE)) {
      SafetensorsWriter.write(
          out,
          Map.of(),
          checkpoint.names().stream()
              .map(checkpoint::tensor)
              .map(SafetensorsWriter.Tensor::of)
              .toList());
    }
    for (String file : List.of("config.json", "tokenizer.json", "tokenizer_config.json")) {
      Files.copy(MODEL.resolve(file), whole.resolve(file));
    }
    EngineOptions options = OPTIONS.withWeights(mode);
    try (Engine base = Engine.open(MODEL, options);
        Engine unchanged = Engine.open(MODEL, options.withOverlay(same));
        Engine changed = Engine.open(MODEL, options.withOverlay(other));
        Engine written = Engine.open(whole, options)) {
      assertThat(unchanged.fingerprint()).isEqualTo(base.fingerprint());
      assertThat(changed.fingerprint())
          .isNotEqualTo(base.fingerprint())
          .isEqualTo(written.fingerprint());
      assertThat(score(unchanged).tokenLogprobs()).isEqualTo(score(base).tokenLogprobs());
      assertThat(score(changed).tokenLogprobs())
          .isEqualTo(score(written).tokenLogprobs())
          .isNotEqualTo(score(base).tokenLogprobs());
      int experts = base.config().ffn().routing().experts();
      for (int[] chosen : score(changed).experts()[1]) {
        assertThat(chosen).contains(experts - 1);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = WeightMode.class,
      names = {"RESIDENT", "STREAMED"})
  void aBiasThatIsNoNumberIsRefused(WeightMode mode) throws IOException {
    float[] bias = bias();
    bias[3] = Float.NaN;
    Path overlay = write("nan.safetensors", SafetensorsWriter.Tensor.ofFloats(BIAS, bias));
    EngineOptions options = OPTIONS.withWeights(mode).withOverlay(overlay);
    assertThatThrownBy(
            () -> {
              try (Engine engine = Engine.open(MODEL, options)) {
                score(engine);
              }
            })
        .isInstanceOfSatisfying(
            EngineException.class,
            e -> {
              assertThat(e.code()).isEqualTo(ErrorCode.TENSOR_NOT_FINITE);
              assertThat(e.getMessage()).contains(BIAS, "nan.safetensors", "[3]");
            });
  }

  @Test
  @ResourceLock(Resources.SYSTEM_OUT)
  @ResourceLock(Resources.SYSTEM_ERR)
  void inspectShowsItAndRefusesWhatDoesNotFit() throws IOException {
    Path good = write("good.safetensors", SafetensorsWriter.Tensor.ofFloats(BIAS, bias()));
    Result shown = SmallRun.assay("inspect", MODEL.toString(), "--overlay", good.toString());
    assertThat(shown.exit()).as(shown.err()).isZero();
    assertThat(shown.out()).contains("Overlay", "replaced: 1", BIAS);
    assertThat(SmallRun.assay("inspect", MODEL.toString()).out()).doesNotContain("Overlay");

    Path unknown = write("unknown.safetensors", SafetensorsWriter.Tensor.ofFloats("x", 1));
    Result refused = SmallRun.assay("inspect", MODEL.toString(), "--overlay", unknown.toString());
    assertThat(refused.exit()).isEqualTo(3);
    assertThat(refused.err()).startsWith("assay: TENSOR_MISSING: ").hasLineCount(1);
    Result absent = SmallRun.assay("inspect", MODEL.toString(), "--overlay", folder + "/none");
    assertThat(absent.exit()).isEqualTo(3);
    assertThat(absent.err()).startsWith("assay: MODEL_NOT_FOUND: ").contains("/none");
  }

  /** In a run it changes the fingerprint and every request id, and only then. */
  @Test
  @ResourceLock(Resources.SYSTEM_OUT)
  @ResourceLock(Resources.SYSTEM_ERR)
  void aRunTakesItFromItsFileAndFromTheCommandLine() throws Exception {
    SmallRun run = new SmallRun(folder);
    Path same = write("same.safetensors", SafetensorsWriter.Tensor.ofFloats(BIAS, bias()));
    Path other =
        write("other.safetensors", SafetensorsWriter.Tensor.ofFloats(BIAS, towardsTheLast()));
    String[][] runs = {
      {"--run-id", "base"},
      {"--run-id", "same", "--set", "model.overlay=" + same},
      {"--run-id", "other", "--overlay", other.toString()},
    };
    for (String[] options : runs) {
      List<String> line = new ArrayList<>(List.of(options));
      line.addAll(List.of("--quiet", "--set", "tasks.names=[choose]", "--set", "tasks.limit=2"));
      line.addAll(List.of("--set", "corpora=[]"));
      Result result = run.execute("run", line.toArray(String[]::new));
      assertThat(result.exit()).as(result.err()).isZero();
    }
    String ids = "SELECT request_id FROM %s ORDER BY request_id";
    List<List<Object>> base = run.query(ids, "samples", "base");
    assertThat(base).hasSizeGreaterThan(5);
    assertThat(run.query(ids, "samples", "same")).isEqualTo(base);
    assertThat(run.query(ids, "samples", "other"))
        .hasSameSizeAs(base)
        .doesNotContainAnyElementsOf(base);
    String print = "SELECT model_fingerprint FROM %s";
    assertThat(run.query(print, "runs", "same")).isEqualTo(run.query(print, "runs", "base"));
    assertThat(run.query(print, "runs", "other")).isNotEqualTo(run.query(print, "runs", "base"));
    Result absent = run.execute("run", "--overlay", folder + "/none");
    assertThat(absent.exit()).isEqualTo(2);
    assertThat(absent.err()).startsWith("assay: RUN_CONFIG: model.overlay: no such file");
  }
}
