package io.assay.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.assay.engine.backend.Backend;
import io.assay.engine.backend.BackendProvider;
import io.assay.engine.model.ResidentLayers;
import io.assay.engine.score.ScoreRequest;
import io.assay.engine.weights.ModelWeights;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A backend whose device runs out of memory in the middle of a call. */
final class EngineRetryTest {
  private static final Path MODEL =
      Path.of(System.getProperty("assay.root", ".."), "tests/golden/v2-lite/checkpoint");
  private static final List<ScoreRequest> REQUESTS =
      List.of(
          new ScoreRequest("a", new int[] {0, 5, 9, 200, 17}, 1),
          new ScoreRequest("b", new int[] {0, 5, 9, 3}, 2));

  private int attentions;
  private int shrunk;

  @Test
  void theWholeCallIsMadeAgainInSmallerPieces() {
    double[] expected;
    try (Engine engine = open(/* failures= */ 0, /* shrinks= */ 0)) {
      expected = sums(engine);
      assertThat(shrunk).isZero();
    }
    try (Engine engine = open(/* failures= */ 2, /* shrinks= */ 5)) {
      assertThat(sums(engine)).isEqualTo(expected);
      assertThat(shrunk).isEqualTo(2);
    }
  }

  @Test
  void theSmallestPiecesFailOnce() {
    try (Engine engine = open(/* failures= */ 2, /* shrinks= */ 1)) {
      assertThatThrownBy(() -> sums(engine))
          .isInstanceOfSatisfying(
              EngineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.OUT_OF_MEMORY));
      // The device has room again.
      assertThat(sums(engine)).hasSize(REQUESTS.size());
    }
  }

  private static double[] sums(Engine engine) {
    return engine.score(REQUESTS, WorkListener.NONE).results().stream()
        .mapToDouble(result -> result.sumLogprob())
        .toArray();
  }

  /** The CPU backend, which fails in the second layer as often as said. */
  private Engine open(int failures, int shrinks) {
    EngineOptions options = EngineOptions.defaults().withBackend("cpu").withThreads(1);
    EnginePlan plan = EnginePlan.openWithWeights(MODEL, options);
    ModelWeights weights = plan.weights().orElseThrow();
    Backend cpu = BackendProvider.open(plan.config(), weights, options);
    attentions = 0;
    shrunk = 0;
    Backend failing =
        (Backend)
            Proxy.newProxyInstance(
                Backend.class.getClassLoader(),
                new Class<?>[] {Backend.class},
                (proxy, method, arguments) -> {
                  if (method.getName().equals("shrink")) {
                    return shrunk++ < shrinks;
                  }
                  if (method.getName().equals("attention")
                      && ++attentions % 2 == 0
                      && attentions / 2 <= failures) {
                    throw new EngineException(ErrorCode.OUT_OF_MEMORY, "the device is full");
                  }
                  try {
                    return method.invoke(cpu, arguments);
                  } catch (InvocationTargetException e) {
                    throw e.getCause();
                  }
                });
    return new Engine(plan, failing, new ResidentLayers(plan.config(), weights, failing));
  }
}
