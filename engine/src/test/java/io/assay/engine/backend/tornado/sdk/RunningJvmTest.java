package io.assay.engine.backend.tornado.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a JVM is told that was started without TornadoVM's arguments, or with some of them. */
class RunningJvmTest {
  private final Map<String, String> properties =
      new HashMap<>(
          Map.of(
              "tornado.load.api.implementation", "uk.ac.manchester.x",
              "tornado.recover.bailout", "False"));
  private boolean modules = true;
  private boolean classes = true;

  @Test
  void aJvmWithAllArgumentsServes() {
    assertThat(problem()).isEmpty();
  }

  @Test
  void withoutModulesOrPropertiesTheWayToGiveThemIsNamed() {
    modules = false;
    assertThat(problem().orElseThrow())
        .contains(
            "--backend tornado", "--write-tornado-argfile", "spark.executor.extraJavaOptions");
    modules = true;
    properties.remove("tornado.load.api.implementation");
    assertThat(problem()).isPresent();
  }

  @Test
  void silentRecoveryOfFailedKernelsIsRefused() {
    properties.put("tornado.recover.bailout", "True");
    assertThat(problem().orElseThrow()).contains("-Dtornado.recover.bailout=False");
    properties.remove("tornado.recover.bailout");
    assertThat(problem().orElseThrow()).contains("-Dtornado.recover.bailout=False");
  }

  @Test
  void classesThatCameWithTheTasksOnlyAreNotEnough() {
    classes = false;
    assertThat(problem().orElseThrow()).contains("spark.executor.extraClassPath");
  }

  @Test
  void anSdkThatJavaDoesNotStartWithIsNamedWithTheReason() {
    properties.put("assay.tornado.problem", "Module x not found");
    assertThat(problem().orElseThrow()).contains("Module x not found", "install the SDK again");
  }

  @Test
  void thisJvmsOwnClassPathIsSeen() {
    assertThat(
            ClassLoader.getSystemResource(RunningJvm.class.getName().replace('.', '/') + ".class"))
        .isNotNull();
  }

  private Optional<String> problem() {
    return RunningJvm.problem(
        name -> modules,
        properties::get,
        name -> classes && name.equals("io/assay/engine/backend/tornado/sdk/RunningJvm.class"));
  }
}
