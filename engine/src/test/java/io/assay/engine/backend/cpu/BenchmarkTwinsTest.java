package io.assay.engine.backend.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import io.assay.engine.backend.AttentionForm;
import io.assay.engine.checkpoint.DType;
import java.util.function.Function;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The sides of a kernel benchmark do the same work: they return the same bits. */
class BenchmarkTwinsTest {
  private static void same(Function<String, float[]> run, String... others) {
    float[] vector = run.apply("vector");
    for (String side : others) {
      assertThat(run.apply(side)).as(side).isEqualTo(vector);
    }
    double sum = 0;
    for (float value : vector) {
      assertThat(value).isFinite();
      sum += Math.abs(value);
    }
    assertThat(sum).isPositive();
  }

  @ParameterizedTest
  @EnumSource(names = {"F32", "BF16", "F16", "F8_E4M3"})
  void products(DType type) {
    same(
        side -> {
          ProductBenchmark benchmark = new ProductBenchmark();
          benchmark.m = 3;
          benchmark.shape = "384x1024";
          benchmark.type = type;
          benchmark.kernel = side;
          benchmark.threads = 1;
          benchmark.prepare();
          float[] result = benchmark.product();
          benchmark.close();
          return result;
        },
        "machine",
        "scalar");
  }

  @ParameterizedTest
  @CsvSource({"EXPANDED, 1", "ABSORBED, 1", "EXPANDED, 64", "ABSORBED, 5"})
  void attention(AttentionForm form, int queries) {
    same(
        side -> {
          AttentionBenchmark benchmark = new AttentionBenchmark();
          benchmark.queries = queries;
          benchmark.form = form;
          benchmark.kernel = side;
          benchmark.threads = 1;
          benchmark.prepare();
          float[] first = benchmark.attention().clone();
          assertThat(benchmark.attention()).as("a second call").isEqualTo(first);
          benchmark.close();
          return first;
        },
        "machine",
        "scalar");
  }

  @ParameterizedTest
  @ValueSource(strings = {"siluTimes", "expScaled", "rmsNorm"})
  void elementwise(String method) {
    same(
        side -> {
          ElementwiseBenchmark benchmark = new ElementwiseBenchmark();
          benchmark.kernel = side;
          benchmark.prepare();
          float[] result =
              switch (method) {
                case "siluTimes" -> benchmark.siluTimes();
                case "expScaled" -> benchmark.expScaled();
                default -> benchmark.rmsNorm();
              };
          benchmark.close();
          return result;
        },
        "scalar");
  }
}
