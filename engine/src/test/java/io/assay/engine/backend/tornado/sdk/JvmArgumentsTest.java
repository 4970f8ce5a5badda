package io.assay.engine.backend.tornado.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The arguments of a JVM that uses TornadoVM, and that {@code java @file} reads them back. */
class JvmArgumentsTest {
  private static final long GIB = 1L << 30;

  @TempDir private Path folder;

  @Test
  void onlyTheNeededJarsBecomeModulesAndFailuresAreNotRecovered() throws IOException {
    Path home = SdkFolder.create(folder, "5.2.0-jdk25", "opencl", "cuda");
    List<String> arguments = JvmArguments.of(TornadoSdk.read(home), 70 * GIB);

    assertThat(arguments)
        .contains(
            "-XX:+EnableJVMCI",
            "-Dtornado.recover.bailout=False",
            "-Dtornado.device.memory=71680MB",
            "-XX:MaxDirectMemorySize=71680m",
            "-Djava.library.path=" + home.resolve("lib"),
            "--add-modules=tornado.runtime,tornado.annotation,tornado.drivers.common,tornado.drivers.cuda",
            "--add-reads=a=b",
            "--add-opens=c=cuda")
        .noneMatch(a -> a.contains("log4j") || a.contains("opencl") || a.contains("preview"))
        .noneMatch(a -> a.startsWith("-XX:+Use") || a.contains("ALL-SYSTEM") || a.startsWith("#"));
    assertThat(arguments.indexOf("-XX:+UnlockExperimentalVMOptions"))
        .isLessThan(arguments.indexOf("-XX:+EnableJVMCI"));
    String modules =
        arguments.stream().filter(a -> a.startsWith("--module-path=")).findFirst().get();
    assertThat(modules.split(":")).hasSize(8).allMatch(jar -> jar.contains("share/java/tornado/"));
  }

  @Test
  void sizesOfDevicesAreReadAsTheyAreWritten() {
    assertThat(DeviceMemory.parse("70GB")).contains(70 * GIB);
    assertThat(DeviceMemory.parse(" 81920 MB")).contains(80 * GIB);
    for (String wrong : List.of("", "70", "70gb", "0GB", "-1GB", "1.5GB", "70TB", "9999999999GB")) {
      assertThat(DeviceMemory.parse(wrong)).as(wrong).isEmpty();
    }
    assertThat(DeviceMemory.standard()).isGreaterThan(1 << 20);
  }

  @Test
  void javaReadsTheFileAsItWasMeant() throws Exception {
    Path home = SdkFolder.create(folder.resolve("an sdk #1 \"x\" \\y"), "5.2.0-jdk25", "opencl");
    Path file = folder.resolve("arguments");
    String library = "-Djava.library.path=" + home.resolve("lib");
    assertThat(JvmArguments.of(TornadoSdk.read(home), GIB)).contains(library);
    Files.writeString(file, JvmArguments.file(List.of(library, "-Dtail=end")));

    Process java =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                "@" + file,
                "-XshowSettings:properties",
                "-version")
            .redirectErrorStream(true)
            .start();
    String output = new String(java.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(java.waitFor()).as(output).isZero();
    assertThat(output).contains("java.library.path = " + home.resolve("lib"), "tail = end");
  }
}
