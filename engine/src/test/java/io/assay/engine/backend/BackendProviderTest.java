package io.assay.engine.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.assay.engine.Engine;
import io.assay.engine.EngineException;
import io.assay.engine.EngineOptions;
import io.assay.engine.ErrorCode;
import io.assay.engine.Precision;
import java.nio.file.Path;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
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
    Path model =
        Path.of(System.getProperty("assay.root", ".."), "tests", "golden", "v2-lite", "checkpoint");
    refuses(() -> Engine.open(model, OPTIONS.withBackend("tornado")).close(), "TornadoVM");
  }

  @Test
  void tornadoRefusesAPrecisionItDoesNotCompute() {
    EngineOptions rounded = OPTIONS.withBackend("tornado").withPrecision(Precision.BF16);
    refuses(() -> BackendProvider.name(rounded), "--precision fp32");
  }

  @Test
  void aBackendThatIsNoneIsNamed() {
    refuses(() -> BackendProvider.name(OPTIONS.withBackend("abacus")), "'abacus'");
  }

  private static void refuses(ThrowingCallable asked, String message) {
    assertThatThrownBy(asked)
        .hasMessageContaining(message)
        .asInstanceOf(InstanceOfAssertFactories.type(EngineException.class))
        .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.BACKEND_UNAVAILABLE));
  }
}
