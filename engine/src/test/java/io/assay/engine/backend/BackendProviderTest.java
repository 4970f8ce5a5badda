package io.assay.engine.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.assay.engine.EngineException;
import io.assay.engine.EngineOptions;
import io.assay.engine.ErrorCode;
import io.assay.engine.Precision;
import io.assay.engine.backend.tornado.Tornado;
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
    EngineOptions options = OPTIONS.withBackend("tornado");
    // The driver of a cluster plans for executors that have a device.
    assertThat(BackendProvider.name(options)).isEqualTo("tornado");
    refuses(() -> Tornado.open(null, null, -1, false, 0), "TornadoVM");
  }

  @Test
  void tornadoRefusesAPrecisionItDoesNotCompute() {
    EngineOptions options = OPTIONS.withBackend("tornado").withPrecision(Precision.BF16);
    refuses(() -> BackendProvider.name(options), "--precision fp32");
  }

  @Test
  void aBackendThatIsNoneIsNamed() {
    refuses(() -> BackendProvider.name(OPTIONS.withBackend("abacus")), "'abacus'");
  }

  private static void refuses(ThrowingCallable call, String message) {
    assertThatThrownBy(call)
        .hasMessageContaining(message)
        .asInstanceOf(InstanceOfAssertFactories.type(EngineException.class))
        .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.BACKEND_UNAVAILABLE));
  }
}
