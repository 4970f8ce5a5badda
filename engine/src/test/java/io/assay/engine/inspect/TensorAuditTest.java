package io.assay.engine.inspect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.assay.engine.EngineException;
import io.assay.engine.ErrorCode;
import io.assay.engine.checkpoint.SafetensorsBuilder;
import io.assay.engine.config.ConfigReader;
import io.assay.engine.config.ExpectedTensor;
import io.assay.engine.config.ExpectedTensor.Part;
import io.assay.engine.config.ExpectedTensors;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The FP8 golden architecture with one thing wrong at a time. */
class TensorAuditTest {
  @TempDir Path folder;

  @BeforeEach
  void config() throws IOException {
    try (InputStream in = getClass().getResourceAsStream("/config/v3-fp8.json")) {
      Files.write(folder.resolve("config.json"), in.readAllBytes());
    }
  }

  private static void add(SafetensorsBuilder file, ExpectedTensor tensor, long... shape) {
    boolean scale = tensor.part() == Part.BLOCK_SCALE;
    String dtype = tensor.blockScaled() ? "F8_E4M3" : scale ? "F32" : "BF16";
    int width = tensor.blockScaled() ? 1 : scale ? 4 : 2;
    long elements = Arrays.stream(shape).reduce(1, Math::multiplyExact);
    file.tensor(tensor.name(), dtype, Arrays.toString(shape), new byte[(int) elements * width]);
  }

  /** Writes the expected tensors that pass the filter, then whatever else. */
  private TensorAudit audit(Predicate<ExpectedTensor> included, Consumer<SafetensorsBuilder> more)
      throws IOException {
    SafetensorsBuilder file = new SafetensorsBuilder();
    for (ExpectedTensor tensor : ExpectedTensors.of(ConfigReader.read(folder)).values()) {
      if (included.test(tensor)) {
        add(file, tensor, tensor.shape());
      }
    }
    more.accept(file);
    file.write(folder.resolve("model.safetensors"));
    ModelInspection inspection = ModelInspection.of(folder);
    assertThat(inspection.storage().estimated()).isFalse();
    assertThat(inspection.supported()).isEqualTo(inspection.audit().orElseThrow().complete());
    return inspection.audit().orElseThrow();
  }

  private static void assertRefused(TensorAudit audit, ErrorCode code, String... words) {
    assertThat(audit.complete()).isFalse();
    assertThatThrownBy(() -> audit.require("folder"))
        .isInstanceOfSatisfying(EngineException.class, e -> assertThat(e.code()).isEqualTo(code))
        .hasMessageContainingAll(words);
  }

  @Test
  void completeWithAndWithoutCopiesOfTheTables() throws IOException {
    TensorAudit all = audit(t -> true, f -> {});
    assertThat(all.complete()).isTrue();
    all.require("folder");
    Predicate<ExpectedTensor> noCopies = t -> !t.optional() || t.part() == Part.BLOCK_SCALE;
    assertThat(audit(noCopies, f -> {}).complete()).isTrue();
  }

  @Test
  void missingTensor() throws IOException {
    String name = "model.layers.3.eh_proj.weight";
    assertRefused(
        audit(t -> !t.name().equals(name), f -> {}),
        ErrorCode.TENSOR_MISSING,
        name,
        "[192, 384]",
        "folder");
  }

  @Test
  void missingScaleNamesBothTensors() throws IOException {
    String name = "model.layers.1.mlp.experts.7.up_proj.weight";
    assertRefused(
        audit(t -> !t.name().equals(name + "_scale_inv"), f -> {}),
        ErrorCode.TENSOR_MISSING,
        "'" + name + "_scale_inv'",
        "'" + name + "'");
  }

  @Test
  void manyMissingAreCounted() throws IOException {
    TensorAudit audit = audit(t -> t.part() != Part.ROUTER, f -> {});
    assertThat(audit.missing()).hasSize(6);
    assertRefused(audit, ErrorCode.TENSOR_MISSING, "5 more");
  }

  @Test
  void wrongShapeSaysFoundAndExpected() throws IOException {
    TensorAudit audit =
        audit(
            t -> !t.name().equals("model.norm.weight"),
            f -> f.floats("model.norm.weight", 1, 2, 3));
    assertRefused(audit, ErrorCode.TENSOR_SHAPE, "model.norm.weight", "[3]", "[192]");
  }

  @Test
  void wrongTypes() throws IOException {
    TensorAudit audit =
        audit(
            t -> !t.name().equals("model.norm.weight"),
            f -> f.tensor("model.norm.weight", "F8_E4M3", "[192]", new byte[192]));
    assertRefused(audit, ErrorCode.TENSOR_SHAPE, "model.norm.weight", "F8_E4M3");
    audit =
        audit(
            t -> !t.name().equals("model.norm.weight"),
            f -> f.tensor("model.norm.weight", "I64", "[192]", new byte[8 * 192]));
    assertRefused(audit, ErrorCode.TENSOR_SHAPE, "model.norm.weight", "I64", "BF16");
  }

  @Test
  void unexpectedTensorsAndKnownSuperfluousOnes() throws IOException {
    TensorAudit audit = audit(t -> true, f -> f.floats("model.layers.0.mlp.extra.weight", 1));
    assertRefused(audit, ErrorCode.CHECKPOINT_CORRUPT, "model.layers.0.mlp.extra.weight");
    audit =
        audit(
            t -> true,
            f ->
                f.floats("model.layers.0.self_attn.rotary_emb.inv_freq", 1)
                    .floats("model.layers.4.enorm.weight", 1));
    assertThat(audit.complete()).isTrue();
    assertThat(audit.unused()).hasSize(2);
  }

  @Test
  void fp8WithoutQuantizationConfig() throws IOException {
    audit(t -> true, f -> {});
    Path config = folder.resolve("config.json");
    Files.writeString(
        config, Files.readString(config).replace("\"quantization_config\"", "\"other\""));
    TensorAudit audit = ModelInspection.of(folder).audit().orElseThrow();
    assertRefused(audit, ErrorCode.TENSOR_SHAPE, "F8_E4M3", "no block scales");
    assertThat(audit.unexpected()).allMatch(s -> s.contains("quantization_config"));
  }
}
