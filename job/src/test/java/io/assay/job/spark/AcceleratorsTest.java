package io.assay.job.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.assay.engine.EngineException;
import io.assay.engine.ErrorCode;
import io.assay.engine.Precision;
import io.assay.engine.WeightMode;
import java.util.Map;
import org.apache.spark.resource.ResourceInformation;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which accelerator an engine computes on, by what Spark gives its task. */
class AcceleratorsTest {
  private static final boolean LOCAL = true;
  private static final boolean CLUSTER = false;

  @Test
  void onAClusterItIsTheOneSparkGave() {
    EngineSpec engine = Accelerators.of(spec("tornado", -1), CLUSTER, gpus("3"));
    assertThat(engine).isEqualTo(spec("tornado", 3));
    assertThat(engine.options().device()).isEqualTo(3);
    assertThat(Accelerators.of(spec("tornado", 3), CLUSTER, gpus("3")).device()).isEqualTo(3);
  }

  @Test
  void inLocalModeItIsTheOneAskedFor() {
    assertThat(Accelerators.of(spec("tornado", 2), LOCAL, Map.of()).device()).isEqualTo(2);
    assertThat(Accelerators.of(spec("tornado", -1), LOCAL, Map.of()).device()).isEqualTo(-1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"cpu", "auto"})
  void otherBackendsHaveNone(String backend) {
    assertThat(Accelerators.of(spec(backend, -1), CLUSTER, gpus("3"))).isEqualTo(spec(backend, -1));
    assertThat(Accelerators.of(spec(backend, -1), CLUSTER, Map.of())).isEqualTo(spec(backend, -1));
  }

  @Test
  void aClusterThatGivesNoneIsNamedWithTheTwoSettings() {
    refused(spec("tornado", -1), Map.of())
        .hasMessageContainingAll(
            "spark.executor.resource.gpu.amount", "spark.task.resource.gpu.amount");
    refused(spec("tornado", 0), Map.of()).hasMessageContaining("gave this task no GPU");
    refused(spec("tornado", 0), gpus()).hasMessageContaining("gave this task no GPU");
  }

  @Test
  void severalGpusOrAnotherThanAskedForAreRefused() {
    refused(spec("tornado", -1), gpus("0", "1"))
        .hasMessageContainingAll("0, 1", "spark.task.resource.gpu.amount to 1");
    refused(spec("tornado", 1), gpus("0")).hasMessageContainingAll("model.device is 1", "GPU 0");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"GPU-8932f937-d72c-4106-c12f-20bd9faed9f6", "", "-1", "0:1", "9999999999"})
  void anAddressThatIsNoNumberIsRefused(String address) {
    refused(spec("tornado", -1), gpus(address))
        .hasMessageContainingAll("'" + address + "'", "conf/discover-gpus.sh");
  }

  private static AbstractThrowableAssert<?, ?> refused(
      EngineSpec spec, Map<String, ResourceInformation> resources) {
    return assertThatThrownBy(() -> Accelerators.of(spec, CLUSTER, resources))
        .isInstanceOfSatisfying(
            EngineException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.BACKEND_UNAVAILABLE));
  }

  private static EngineSpec spec(String backend, int device) {
    return new EngineSpec(
        "model", null, backend, device, Precision.FP32, 0, WeightMode.AUTO, 1, null);
  }

  private static Map<String, ResourceInformation> gpus(String... addresses) {
    return Map.of("gpu", new ResourceInformation("gpu", addresses));
  }
}
