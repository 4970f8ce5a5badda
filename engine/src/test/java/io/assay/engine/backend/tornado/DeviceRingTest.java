package io.assay.engine.backend.tornado;

import static org.assertj.core.api.Assertions.assertThat;

import io.assay.engine.EngineException;
import io.assay.engine.backend.tornado.sdk.JvmArguments;
import io.assay.engine.backend.tornado.sdk.TornadoSdk;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The backend on a real device, where a TornadoVM SDK is installed: bits, cuts and all golden
 * cases. Without one it is skipped and says so.
 */
final class DeviceRingTest {
  private static final long DEVICE_BYTES = 4L << 30;
  private static final long SMALL_DEVICE_BYTES = 64L << 20;
  private static final long MINUTES = 60;
  private static final List<String> CASES =
      List.of("v3-basic", "v3-yarn", "v3-fp8", "v2-lite", "v2-group");

  @TempDir Path temporary;

  @Test
  void agreesWithTheGoldenCases() throws IOException, InterruptedException {
    List<String> lines = run(DEVICE_BYTES, List.of(), DeviceRing.class, CASES);
    assertThat(lines)
        .contains(
            DeviceRing.PASSED + "same bits in every run",
            DeviceRing.PASSED + "same bits with fewer rows",
            DeviceRing.PASSED + "both forms of attention agree",
            DeviceRing.PASSED + "same bits in small arrays, a layer at a time",
            DeviceRing.PASSED + "same bits after the device ran out of memory")
        .containsAll(CASES.stream().map(name -> DeviceRing.PASSED + name).toList());
  }

  /** TornadoVM allocates no more than it is told, so a device is as small as one likes. */
  @Test
  void worksInWhatMemoryThereIs() throws IOException, InterruptedException {
    // The JVM's own limit comes with the device's, and the plan would keep to it.
    List<String> plenty = List.of("-XX:MaxDirectMemorySize=2g");
    assertThat(run(SMALL_DEVICE_BYTES, plenty, DeviceMemoryRing.class, List.of()))
        .contains(
            DeviceRing.PASSED + "it ran out of memory while it was loaded",
            DeviceRing.PASSED + "same bits in what memory there was",
            DeviceRing.PASSED + "a model that does not fit is refused beforehand");
  }

  /**
   * The lines of a program on the device, none of which may say that something failed.
   *
   * @param bytes memory of the device
   * @param options of the JVM that win over those that follow from it
   */
  private List<String> run(long bytes, List<String> options, Class<?> program, List<String> words)
      throws IOException, InterruptedException {
    TornadoSdk sdk = sdk();
    Path arguments =
        Files.writeString(
            temporary.resolve("tornado.args"), JvmArguments.file(JvmArguments.of(sdk, bytes)));
    Path output = temporary.resolve("output.txt");
    // The SDK brings the API itself.
    String classPath =
        Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
            .filter(entry -> !entry.endsWith("plain-tornado-api.jar"))
            .collect(Collectors.joining(File.pathSeparator));
    List<String> command =
        Stream.of(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "@" + arguments),
                options,
                List.of(
                    "--add-modules=jdk.incubator.vector",
                    "--enable-native-access=ALL-UNNAMED",
                    "-Dai.djl.offline=true",
                    "-DOPT_OUT_TRACKING=true",
                    "-Dassay.root=" + System.getProperty("assay.root", ".."),
                    "-Xmx1g",
                    "-cp",
                    classPath,
                    program.getName()),
                words)
            .flatMap(List::stream)
            .toList();
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    boolean ended = process.waitFor(MINUTES, TimeUnit.MINUTES);
    process.destroyForcibly();
    List<String> lines = Files.readAllLines(output);
    String all = String.join("\n", lines);
    assertThat(ended).as(all).isTrue();
    assertThat(process.exitValue()).as(all).isZero();
    assertThat(lines).as(all).noneMatch(line -> line.startsWith(DeviceRing.FAILED));
    return lines;
  }

  private static TornadoSdk sdk() {
    try {
      return TornadoSdk.find();
    } catch (EngineException e) {
      return Assumptions.abort("backend tornado was not tested on a device: " + e.getMessage());
    }
  }
}
