package io.assay.tests.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code bin/gpu-benchmark} says when it cannot do what it was asked. */
final class GpuBenchmarkTest {
  @TempDir Path folder;

  @Test
  void helpIsTheTextAboveTheScript() throws Exception {
    Launch launch = launch(Project.root(), Map.of(), "--help");

    assertThat(launch.exit()).isZero();
    assertThat(launch.out()).contains("pack", "run", "--small").doesNotContain("set -u");
  }

  @Test
  void commandsAndOptionsThatAreNoneAreUsage() throws Exception {
    assertThat(launch(Project.root(), Map.of()).err()).contains("USAGE: '' is no command");
    refuses(launch(Project.root(), Map.of(), "pack", "--fast"), "USAGE", "not '--fast'");
    refuses(launch(Project.root(), Map.of(), "run", "--fast"), "USAGE", "'--fast'");
  }

  @Test
  void sourcesArePackedAndArchivesRun() throws Exception {
    refuses(launch(Project.root(), Map.of(), "run"), "USAGE", "gpu-benchmark pack");
    refuses(launch(unpacked(), Map.of(), "pack"), "USAGE", "has only run");
  }

  @Test
  void withoutAnSdkNothingIsPacked() throws Exception {
    Launch launch = launch(Project.root(), Map.of("TORNADOVM_HOME", folder.toString()), "pack");

    refuses(launch, "SDK_NOT_FOUND", folder + " is no TornadoVM SDK");
  }

  /** The library is to be compiled there, on a machine without a compiler. */
  @Test
  void whatIsMissingToCompileIsNamedAtOnce() throws Exception {
    Path tools = Files.createDirectories(folder.resolve("tools"));
    for (String tool : List.of("dirname", "grep", "head", "mkdir", "sed", "tr", "uname")) {
      LauncherProject.executable(
          tools.resolve(tool), "exec " + LauncherProject.onPath(tool) + " \"$@\"");
    }
    Path archive = unpacked();
    Files.createDirectories(archive.resolve("native"));
    Files.createDirectories(archive.resolve("sdk/etc"));
    Files.writeString(
        archive.resolve("sdk/etc/tornado.backend"), "tornado.backends=cuda-backend\n");
    Path cuda = Files.createDirectories(folder.resolve("cuda"));

    Launch launch =
        launch(
            archive,
            Map.of("CUDA_HOME", cuda.toString(), "PATH", tools.toString()),
            "run",
            "--python",
            "no-python");

    refuses(launch, "CUDA_INCOMPLETE", "a C++ compiler (g++ or clang++)");
    assertThat(launch.err()).contains(cuda.toString());
  }

  /** The folder of an archive, as far as the script looks before it computes. */
  private Path unpacked() throws IOException {
    Path archive = folder.resolve("assay-gpu");
    Files.createDirectories(archive.resolve("bin"));
    Files.createDirectories(archive.resolve("runtime"));
    for (String script :
        List.of("gpu-benchmark", "gpu-pack.sh", "gpu-run.sh", "tornado-arguments.sh")) {
      Files.copy(Project.root().resolve("bin").resolve(script), archive.resolve("bin/" + script));
    }
    return archive;
  }

  private Launch launch(Path root, Map<String, String> more, String... arguments)
      throws IOException, InterruptedException {
    Map<String, String> environment = new HashMap<>(more);
    environment.putIfAbsent("PATH", System.getenv("PATH"));
    List<String> command = new ArrayList<>(List.of("bash"));
    command.add(root.resolve("bin/gpu-benchmark").toString());
    command.addAll(List.of(arguments));
    return Launch.run(folder, environment, command);
  }

  private static void refuses(Launch launch, String code, String sentence) {
    assertThat(launch.exit()).as(launch.err()).isEqualTo(2);
    assertThat(launch.err())
        .hasLineCount(1)
        .startsWith("gpu-benchmark: " + code + ": ")
        .contains(sentence);
  }
}
