package io.assay.engine.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.assay.engine.EngineException;
import io.assay.engine.EngineOptions;
import io.assay.engine.EnginePlan;
import io.assay.engine.ErrorCode;
import io.assay.engine.Precision;
import io.assay.engine.backend.tornado.Tornado;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
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

  /** Left to choose, a GPU that fails or is too small is no reason to fail; a broken model is. */
  @Test
  void autoTakesTheCpuForAGpuThatCannotBeUsed() {
    Path model = Path.of(System.getProperty("assay.root", ".."), "tests/golden/v2-lite/checkpoint");
    EngineOptions cpu = EngineOptions.defaults().withBackend("cpu").withThreads(1);
    try (EnginePlan plan = EnginePlan.openWithWeights(model, cpu)) {
      Supplier<Backend> processor =
          () -> BackendProvider.open(plan.config(), plan.weights().orElseThrow(), cpu);
      for (ErrorCode code : List.of(ErrorCode.OUT_OF_MEMORY, ErrorCode.BACKEND_UNAVAILABLE)) {
        try (Backend chosen =
            BackendProvider.gpuOrCpu(Optional.empty(), () -> fail(code), processor)) {
          assertThat(chosen.name()).isEqualTo("cpu");
        }
      }
      assertThatThrownBy(
              () ->
                  BackendProvider.gpuOrCpu(
                      Optional.empty(), () -> fail(ErrorCode.CHECKPOINT_CORRUPT), processor))
          .isInstanceOfSatisfying(
              EngineException.class,
              e -> assertThat(e.code()).isEqualTo(ErrorCode.CHECKPOINT_CORRUPT));
      try (Backend chosen =
          BackendProvider.gpuOrCpu(
              Optional.of("there is none"), () -> fail(ErrorCode.CHECKPOINT_CORRUPT), processor)) {
        assertThat(chosen.name()).isEqualTo("cpu");
      }
    }
  }

  /** What is known of the size decides before anything is opened. */
  @Test
  void autoIsTheCpuForAModelThatIsTooLarge() {
    assertThat(BackendProvider.chosen(Optional.empty(), () -> {})).isEqualTo("tornado");
    assertThat(BackendProvider.chosen(Optional.of("there is none"), () -> refuse(null)))
        .isEqualTo("cpu");
    assertThat(BackendProvider.chosen(Optional.empty(), () -> refuse(ErrorCode.OUT_OF_MEMORY)))
        .isEqualTo("cpu");
    assertThatThrownBy(
            () ->
                BackendProvider.chosen(
                    Optional.empty(), () -> refuse(ErrorCode.CHECKPOINT_CORRUPT)))
        .isInstanceOf(EngineException.class);
  }

  private static void refuse(ErrorCode code) {
    throw new EngineException(code, "a model that cannot be placed");
  }

  private static Backend fail(ErrorCode code) {
    throw new EngineException(code, "a GPU that cannot be used");
  }

  private static void refuses(ThrowingCallable call, String message) {
    assertThatThrownBy(call)
        .hasMessageContaining(message)
        .asInstanceOf(InstanceOfAssertFactories.type(EngineException.class))
        .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.BACKEND_UNAVAILABLE));
  }
}
