package io.assay.eval.routing;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.assay.engine.config.ConfigReader;
import io.assay.engine.config.ModelConfig;
import io.assay.engine.trace.ExpertCounts;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class NoneDroppedTest {
  /** 4 layers of which the first is dense, an MTP module, 4 of 16 experts a token. */
  private static final ModelConfig CONFIG =
      ConfigReader.read(
          Path.of(System.getProperty("assay.root", ".."))
              .toAbsolutePath()
              .normalize()
              .resolve("tests/golden/v3-basic/checkpoint"));

  private static final int LAYERS = 5;

  /** Three tokens, all of which chose the experts 0 to 3. */
  private static ExpertCounts counts() {
    int[][] tokens = new int[LAYERS][];
    for (int layer = 1; layer < CONFIG.numLayers(); layer++) {
      tokens[layer] = new int[16];
      for (int expert = 0; expert < 4; expert++) {
        tokens[layer][expert] = 3;
      }
    }
    return new ExpertCounts(tokens, null, null, null);
  }

  @Test
  void everyTokenChoosesAllItsExpertsInEveryLayer() {
    assertThatCode(() -> NoneDropped.require("r", 3, counts(), CONFIG)).doesNotThrowAnyException();
    // Nothing was fed, and MTP modules were not asked.
    ExpertCounts nothing = new ExpertCounts(new int[LAYERS][], null, null, null);
    assertThatCode(() -> NoneDropped.require("r", 0, nothing, CONFIG)).doesNotThrowAnyException();
  }

  @Test
  void tokensThatALayerLostAreFoundEvenIfItsCountsAreWhole() {
    ExpertCounts lost = counts();
    for (int expert = 0; expert < 4; expert++) {
      lost.tokens()[2][expert]--; // a whole token: still a multiple of K
    }
    assertThatThrownBy(() -> NoneDropped.require("r7", 3, lost, CONFIG))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("layer 2 counted 8 choices for the 3 tokens of request r7");
    ExpertCounts absent = counts();
    absent.tokens()[3] = null;
    assertThatThrownBy(() -> NoneDropped.require("r7", 3, absent, CONFIG))
        .hasMessageContaining("layer 3 counted 0 choices");
  }
}
