package io.assay.job.spark;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.assay.engine.config.ConfigReader;
import io.assay.engine.config.ModelConfig;
import io.assay.job.UsageException;
import io.assay.job.config.Places;
import io.assay.job.config.RunConfig;
import io.assay.job.config.RunConfigReader;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Whether MLlib is there, asked of class paths with and without it. */
class MllibTest {
  private static final Path ROOT = Path.of(System.getProperty("assay.root"));
  private static final ModelConfig MODEL =
      ConfigReader.read(ROOT.resolve("datasets/quickstart/model"));

  /** The JDK's own classes and nothing else. */
  private static final ClassLoader WITHOUT = ClassLoader.getPlatformClassLoader();

  @Test
  void whatNeedsItIsRefusedWithoutIt() {
    assertThatThrownBy(() -> Mllib.require(run(), MODEL, WITHOUT))
        .isInstanceOf(UsageException.class)
        .hasMessageStartingWith("statistics.experts: ")
        .hasMessageContaining("spark-mllib_2.13");
    assertThatCode(() -> Mllib.require(run(), MODEL)).doesNotThrowAnyException();
  }

  @Test
  void whatDoesNotNeedItGoesOn() {
    assertThatCode(() -> Mllib.require(withoutExperts(), MODEL, WITHOUT))
        .doesNotThrowAnyException();
  }

  private static RunConfig withoutExperts() {
    return run("statistics.experts=false", "statistics.tokens=0", "statistics.coactivation=false");
  }

  private static RunConfig run(String... overrides) {
    return new RunConfigReader(new Places(List.of(ROOT)), LocalDate.of(2026, 2, 3))
        .read(ROOT.resolve("conf/quickstart.yaml"), List.of(overrides), null);
  }
}
