package io.assay.tests.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** When {@code bin/assay} starts the JVM with TornadoVM's arguments, and with which. */
final class TornadoLauncherTest {
  /**
   * A Java that answers the launcher's questions as with an SDK and prints what it is started with.
   */
  private static final String WITH_SDK =
      """
      case "$*" in
        *TornadoArguments*) printf '%s\\n' -Dsdk=1 "-Dpath=a b" "-Dmemory=<${!#}>" ;;
        *-version) exit 0 ;;
        *) printf '%s\\n' "$CUDA_DEVICE_ORDER" "$@" ;;
      esac
      """;

  @TempDir Path temporary;
  private LauncherProject project;

  @BeforeEach
  void project() throws IOException {
    project = new LauncherProject(temporary);
    project.built();
    project.jdk("jdk-25", "25.0.1", WITH_SDK);
    project.environment().put("TORNADOVM_HOME", temporary.toString());
  }

  @ParameterizedTest
  @CsvSource({
    "score --backend tornado --model m, true",
    "run gpu.yaml --backend=tornado, true",
    "run gpu.yaml, true",
    "--quiet doctor, true",
    "balance --model m --input f, true",
    "compare --model a --model b --input f, true",
    "score --backend cpu --model m, false",
    "--backend=cpu run gpu.yaml, false",
    "inspect m, false",
    "place --run r, false"
  })
  void argumentsAreGivenToCommandsThatMayComputeOnADevice(String command, boolean given)
      throws Exception {
    Launch launch = project.assay(command.split(" "));

    assertThat(launch.err()).isEmpty();
    assertThat(launch.out()).startsWith("PCI_BUS_ID\n").contains("io.assay.job.Assay\n");
    if (given) {
      assertThat(launch.out()).contains("\n-Dsdk=1\n-Dpath=a b\n-Dmemory=<>\n");
    } else {
      assertThat(launch.out()).doesNotContain("-Dsdk");
    }
  }

  @Test
  void theDevicesMemoryIsTheSmallestGpusOrWhatTheEnvironmentSays() throws Exception {
    LauncherProject.executable(
        project.tools().resolve("nvidia-smi"),
        "[[ $1 == --query-gpu=memory.total ]] && printf '%s\\n' 81920 40000 '[N/A]' 81920");
    assertThat(project.assay("doctor").out()).contains("-Dmemory=<36000MB>");

    project.environment().put("ASSAY_DEVICE_MEMORY", "70GB");
    assertThat(project.assay("doctor").out()).contains("-Dmemory=<70GB>");

    project.environment().put("ASSAY_DEVICE_MEMORY", "70");
    Launch wrong = project.assay("doctor");
    assertThat(wrong.exit()).isEqualTo(2);
    assertThat(wrong.err()).startsWith("assay: USAGE: ASSAY_DEVICE_MEMORY is '70'").hasLineCount(1);
  }

  @Test
  void withoutAnSdkNothingIsAdded() throws Exception {
    project.jdk(
        "jdk-25",
        "25.0.1",
        "case \"$*\" in *TornadoArguments*) ;; *) printf '%s\\n' \"$@\"; exit 3 ;; esac");
    Launch launch = project.assay("score", "--backend", "tornado");
    assertThat(launch.exit()).isEqualTo(3);
    assertThat(launch.out())
        .contains("io.assay.job.Assay\nscore\n")
        .doesNotContain("assay.tornado");
  }

  @Test
  void anSdkThatJavaDoesNotStartWithIsLeftOutAndTheReasonHandedOver() throws Exception {
    project.jdk(
        "jdk-25",
        "25.0.1",
        """
        case "$*" in
          *TornadoArguments*) echo -Dsdk=1 ;;
          *-version) echo 'Error in boot layer' >&2; echo 'Module x not found' >&2; exit 1 ;;
          *) printf '%s\\n' "$@" ;;
        esac
        """);
    Launch launch = project.assay("doctor");
    assertThat(launch.exit()).isZero();
    assertThat(launch.out())
        .contains("\n-Dassay.tornado.problem=Error in boot layer; Module x not found\n")
        .doesNotContain("-Dsdk");
  }
}
