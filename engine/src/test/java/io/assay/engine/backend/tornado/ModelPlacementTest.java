package io.assay.engine.backend.tornado;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.assay.engine.EngineException;
import io.assay.engine.ErrorCode;
import io.assay.engine.backend.DeviceFit;
import io.assay.engine.backend.RotaryTable;
import io.assay.engine.checkpoint.Checkpoint;
import io.assay.engine.config.ConfigReader;
import io.assay.engine.config.ModelConfig;
import io.assay.engine.weights.ModelWeights;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** What a device has room for is known before anything is copied to it. */
final class ModelPlacementTest {
  private static final long LARGEST_ARRAY = 1 << 20;
  private static final long LATENTS = 1 << 20;

  @Test
  void lessMemoryKeepsLess() {
    ModelPlacement all = placed(256 << 20);
    assertThat(all.streamed()).isFalse();
    assertThat(all.embedding()).isNotEmpty();
    assertThat(all.capacity().rows()).isEqualTo(256);
    DeviceFit fit = all.fit();
    assertThat(fit.weightBytes()).isLessThan(all.weightBytes() + 1).isPositive();
    assertThat(fit.weightBytes() + fit.workingBytes()).isLessThan(fit.usableBytes());

    ModelPlacement few = placed(4 << 20);
    assertThat(few.streamed()).isTrue();
    assertThat(few.embedding()).isEmpty();
    assertThat(few.capacity().rows()).isLessThan(256);
    assertThat(few.weightBytes()).isLessThan(all.weightBytes());
    assertThat(few.fit().weightBytes() + few.fit().workingBytes())
        .isLessThanOrEqualTo(few.fit().usableBytes());
  }

  @Test
  void tooLittleIsSaid() {
    EngineException refused = catchThrowableOfType(EngineException.class, () -> placed(1 << 20));
    assertThat(refused.code()).isEqualTo(ErrorCode.OUT_OF_MEMORY);
    assertThat(refused).hasMessageContaining("a small device").hasMessageContaining("cpu");
  }

  private static ModelPlacement placed(long memory) {
    Path folder = GoldenModel.folder("v3-fp8");
    ModelConfig config = ConfigReader.read(folder);
    try (Checkpoint checkpoint = Checkpoint.open(folder)) {
      return new ModelPlacement(
          config,
          new ModelWeights(config, checkpoint, "v3-fp8"),
          new RotaryTable(config),
          new ModelPlacement.Room("a small device", memory, LARGEST_ARRAY),
          false,
          LATENTS);
    }
  }
}
