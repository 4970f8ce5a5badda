package io.assay.engine.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.assay.engine.EngineException;
import io.assay.engine.EngineOptions;
import io.assay.engine.ErrorCode;
import io.assay.engine.Precision;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;

/** The choice in a JVM without TornadoVM's arguments, as this one. */
final class BackendProviderTest {
  private static final EngineOptions OPTIONS = EngineOptions.defaults();

  @Test
  void autoIsTheCpu() {
    assertThat(BackendProvider.name(OPTIONS)).isEqualTo("cpu");
  }

  @Test
  void tornadoIsNeverReplacedInSilence() {
    refuses(OPTIONS.withBackend("tornado"), "TornadoVM");
  }

  @Test
  void tornadoRefusesAPrecisionItDoesNotCompute() {
    refuses(OPTIONS.withBackend("tornado").withPrecision(Precision.BF16), "--precision fp32");
  }

  @Test
  void aBackendThatIsNoneIsNamed() {
    refuses(OPTIONS.withBackend("abacus"), "'abacus'");
  }

  private static void refuses(EngineOptions options, String message) {
    assertThatThrownBy(() -> BackendProvider.name(options))
        .hasMessageContaining(message)
        .asInstanceOf(InstanceOfAssertFactories.type(EngineException.class))
        .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.BACKEND_UNAVAILABLE));
  }
}
