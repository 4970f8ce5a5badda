package io.assay.engine.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.assay.engine.EngineException;
import io.assay.engine.ErrorCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OverlayTest {
  private static final byte[] MATRIX = new byte[16];

  @TempDir Path folder;
  private Path model;
  private Path overlay;

  @BeforeEach
  void write() throws IOException {
    model = Files.createDirectories(folder.resolve("model"));
    overlay = folder.resolve("overlay.safetensors");
    new SafetensorsBuilder()
        .floats("bias", 1, 2)
        .floats("norm", 3, 4, 5)
        .tensor("matrix", "F32", "[2,2]", MATRIX)
        .write(model.resolve("model.safetensors"));
  }

  private void refused(ErrorCode code, String... parts) {
    assertThatThrownBy(() -> Checkpoint.open(model, overlay).close())
        .isInstanceOfSatisfying(
            EngineException.class,
            e -> {
              assertThat(e.code()).as(e.getMessage()).isEqualTo(code);
              assertThat(e.getMessage()).contains(parts).doesNotContain("\n");
            });
  }

  private String fingerprint() {
    try (Checkpoint checkpoint = Checkpoint.open(model, overlay)) {
      return checkpoint.fingerprint();
    }
  }

  /** Values, sizes and fingerprint are those of a checkpoint written with the overlay's tensors. */
  @Test
  void replacesTensorsOfTheSameName() throws IOException {
    new SafetensorsBuilder().floats("bias", 7, 8).write(overlay);
    Path whole = Files.createDirectories(folder.resolve("whole"));
    new SafetensorsBuilder()
        .floats("bias", 7, 8)
        .floats("norm", 3, 4, 5)
        .tensor("matrix", "F32", "[2,2]", MATRIX)
        .write(whole.resolve("model.safetensors"));
    try (Checkpoint overlaid = Checkpoint.open(model, overlay);
        Checkpoint same = Checkpoint.open(whole);
        Checkpoint base = Checkpoint.open(model)) {
      assertThat(FloatFormats.toFloats(overlaid.tensor("bias"))).containsExactly(7, 8);
      assertThat(FloatFormats.toFloats(overlaid.tensor("norm"))).containsExactly(3, 4, 5);
      assertThat(overlaid.tensor("bias").file()).isEqualTo(overlay.toString());
      assertThat(overlaid.overlaid()).containsExactly("bias");
      assertThat(base.overlaid()).isEmpty();
      assertThat(overlaid.bytes()).isEqualTo(base.bytes());
      assertThat(overlaid.names()).isEqualTo(base.names());
      assertThat(overlaid.fingerprint())
          .isEqualTo(same.fingerprint())
          .isNotEqualTo(base.fingerprint());
    }
  }

  @Test
  void theFingerprintChangesExactlyWhenBytesDo() throws IOException {
    String base;
    try (Checkpoint checkpoint = Checkpoint.open(model)) {
      base = checkpoint.fingerprint();
    }
    new SafetensorsBuilder().floats("bias", 1, 2).write(overlay);
    assertThat(fingerprint()).isEqualTo(base);
    new SafetensorsBuilder().floats("norm", 3, 4, 5).floats("bias", 1, 2).write(overlay);
    assertThat(fingerprint()).isEqualTo(base);
    new SafetensorsBuilder().floats("bias", 1, Math.nextUp(2f)).write(overlay);
    assertThat(fingerprint()).isNotEqualTo(base);
  }

  @Test
  void aFolderIsReadLikeAModels() throws IOException {
    overlay = Files.createDirectories(folder.resolve("overlay"));
    refused(ErrorCode.MODEL_NOT_FOUND, overlay.toString(), "no weights");
    new SafetensorsBuilder().floats("bias", 7, 8).write(overlay.resolve("model.safetensors"));
    try (Checkpoint overlaid = Checkpoint.open(model, overlay)) {
      assertThat(FloatFormats.toFloats(overlaid.tensor("bias"))).containsExactly(7, 8);
    }
  }

  @Test
  void aVectorMayComeInAnotherType() throws IOException {
    new SafetensorsBuilder()
        .tensor("bias", "BF16", "[2]", new byte[] {0, 0x40, 0, 0x41})
        .write(overlay);
    try (Checkpoint overlaid = Checkpoint.open(model, overlay)) {
      assertThat(FloatFormats.toFloats(overlaid.tensor("bias"))).containsExactly(2, 8);
    }
  }

  @Test
  void whatTheCheckpointDoesNotHaveIsRefused() throws IOException {
    new SafetensorsBuilder().floats("bias", 7, 8).floats("more", 1).write(overlay);
    refused(ErrorCode.TENSOR_MISSING, "overlay.safetensors", "'more'", "among the 3");
  }

  @Test
  void otherShapesAndMatricesOfOtherTypesAreRefused() throws IOException {
    new SafetensorsBuilder().floats("bias", 7, 8, 9).write(overlay);
    refused(ErrorCode.TENSOR_SHAPE, "overlay.safetensors", "bias F32 [3]", "bias F32 [2]");
    new SafetensorsBuilder().tensor("bias", "F32", "[2,1]", new byte[8]).write(overlay);
    refused(ErrorCode.TENSOR_SHAPE, "bias F32 [2, 1]");
    new SafetensorsBuilder().tensor("matrix", "BF16", "[2,2]", new byte[8]).write(overlay);
    refused(ErrorCode.TENSOR_SHAPE, "matrix BF16 [2, 2]", "matrix F32 [2, 2]");
  }

  @Test
  void anEmptyATruncatedAndAMissingFileAreRefused() throws IOException {
    new SafetensorsBuilder().write(overlay);
    refused(ErrorCode.CHECKPOINT_CORRUPT, "overlay.safetensors", "no tensor");
    byte[] whole = Files.readAllBytes(new SafetensorsBuilder().floats("bias", 7, 8).write(overlay));
    for (int length : new int[] {0, 7, 8, 40, whole.length - 1}) {
      Files.write(overlay, Arrays.copyOf(whole, length));
      refused(ErrorCode.CHECKPOINT_CORRUPT, "overlay.safetensors");
    }
    Files.delete(overlay);
    refused(ErrorCode.MODEL_NOT_FOUND, "overlay.safetensors", "does not exist");
  }
}
