package io.assay.tests.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code conf/discover-gpus.sh}, beside a script that answers as NVIDIA's {@code nvidia-smi} does.
 */
final class DiscoverGpusTest {
  private static final Path SCRIPT = Project.root().resolve("conf/discover-gpus.sh");

  @TempDir private Path tools;

  @BeforeEach
  void onlyBashIsOnThePath() throws Exception {
    for (String tool : List.of("bash", "env")) {
      Files.createSymbolicLink(tools.resolve(tool), LauncherProject.onPath(tool));
    }
  }

  @Test
  void withoutADriverThereAreNone() throws Exception {
    assertThat(addresses()).isEmpty();
    // Installed, but no kernel module behind it.
    nvidiaSmi(
        "echo \"NVIDIA-SMI has failed because it couldn't communicate with the driver\"; exit 9");
    assertThat(addresses()).isEmpty();
    nvidiaSmi("echo 'No devices were found'; exit 6");
    assertThat(addresses()).isEmpty();
    nvidiaSmi("echo 'No devices were found'");
    assertThat(addresses()).isEmpty();
  }

  @Test
  void gpusAreTheirIndices() throws Exception {
    nvidiaSmi(
        "printf '%s\\n' '0, GPU-a1, [N/A]' '1, GPU-b2, Disabled' '10, GPU-c3, [Not Supported]'");
    assertThat(addresses()).containsExactly("0", "1", "10");
  }

  @Test
  void gpusCutInSlicesAreLeftOut() throws Exception {
    nvidiaSmi("printf '%s\\n' '0, GPU-a1, Enabled' '1, GPU-b2, Disabled'");
    assertThat(addresses()).containsExactly("1");
  }

  @Test
  void aDriverThatDoesNotKnowSlicesIsAskedForIndicesAlone() throws Exception {
    nvidiaSmi(
        "case $1 in *mig*) echo 'Field \"mig.mode.current\" is not a valid field to query.'; exit 2 ;;"
            + " *) printf '%s\\n' '0, GPU-a1' '1, GPU-b2' ;; esac");
    assertThat(addresses()).containsExactly("0", "1");
  }

  /** CUDA counts what is visible, and so does whoever opens the GPU of that address. */
  @Test
  void whatIsVisibleIsCounted() throws Exception {
    nvidiaSmi("printf '%s\\n' '0, GPU-a1, Enabled' '1, GPU-b2, Disabled' '2, GPU-c3, Disabled'");
    assertThat(addresses("CUDA_VISIBLE_DEVICES", "2,1")).containsExactly("0", "1");
    assertThat(addresses("CUDA_VISIBLE_DEVICES", "0, GPU-c")).containsExactly("1");
    assertThat(addresses("CUDA_VISIBLE_DEVICES", "7")).isEmpty();
    assertThat(addresses("CUDA_VISIBLE_DEVICES", "")).isEmpty();
  }

  private void nvidiaSmi(String script) throws Exception {
    Files.deleteIfExists(tools.resolve("nvidia-smi"));
    LauncherProject.executable(tools.resolve("nvidia-smi"), script);
  }

  private List<String> addresses() throws Exception {
    return addresses("LC_ALL", "C");
  }

  /** With one more variable in the environment. */
  private List<String> addresses(String name, String value) throws Exception {
    assertThat(SCRIPT).isExecutable();
    Launch launch =
        Launch.run(
            tools, Map.of("PATH", tools.toString(), name, value), List.of(SCRIPT.toString()));
    assertThat(launch.exit()).as(launch.err()).isZero();
    assertThat(launch.err()).isEmpty();
    JsonNode json = new ObjectMapper().readTree(launch.out());
    assertThat(json.path("name").asText()).isEqualTo("gpu");
    return json.required("addresses").valueStream().map(JsonNode::textValue).toList();
  }
}
