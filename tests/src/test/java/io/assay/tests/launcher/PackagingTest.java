package io.assay.tests.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * What goes to a cluster: one jar that never meets the cluster's own libraries. That {@code
 * spark-submit} runs it is tested where clusters are.
 */
final class PackagingTest {
  @Test
  void theJarHoldsOnlyOurPackages() throws IOException {
    try (JarFile jar = new JarFile(Project.built("job/target/assay-job.jar").toFile())) {
      List<String> classes =
          jar.stream().map(JarEntry::getName).filter(name -> name.endsWith(".class")).toList();
      assertThat(classes)
          .contains(
              "io/assay/job/Assay.class",
              "io/assay/engine/Engine.class",
              "io/assay/shaded/picocli/CommandLine.class",
              // ai.djl's native library finds its classes by name.
              "ai/djl/huggingface/tokenizers/jni/TokenizersLibrary.class")
          .allMatch(
              name -> name.matches("(META-INF/versions/\\d+/)?(io/assay|ai/djl|org/jline)/.*"));
    }
  }

  @Test
  void theJarCarriesLicencesNativeLibrariesAndAMainClass() throws IOException {
    try (JarFile jar = new JarFile(Project.built("job/target/assay-job.jar").toFile())) {
      assertThat(jar.stream().map(JarEntry::getName))
          .contains(
              "META-INF/LICENSE",
              "META-INF/NOTICE",
              "native/lib/linux-x86_64/cpu/libtokenizers.so",
              "native/lib/linux-aarch64/cpu/libtokenizers.so",
              "native/lib/osx-aarch64/cpu/libtokenizers.dylib")
          // Services of DJL would offer engines and models to download.
          .noneMatch(name -> name.startsWith("META-INF/services/ai.djl"));
      assertThat(jar.getManifest().getMainAttributes().getValue("Main-Class"))
          .isEqualTo("io.assay.job.Assay");
      assertThat(jar.isMultiRelease()).isTrue();
    }
  }

  @Test
  void everythingBesideTheJarIsShippedBySpark() throws IOException {
    Set<String> shipped =
        resource("/spark-artifacts.txt")
            .lines()
            .filter(line -> !line.startsWith("#"))
            .collect(Collectors.toSet());
    List<String> used =
        List.of(
                Files.readString(Project.built("job/target/spark-classpath"))
                    .strip()
                    .split(":", -1))
            .stream()
            // .../<artifact>/<version>/<file>.jar
            .map(file -> Path.of(file).getParent().getParent().getFileName().toString())
            .toList();
    assertThat(used)
        .as(
            "jars that local mode takes from Maven; one that Spark does not ship has to be shaded in job/pom.xml")
        .isNotEmpty()
        .isSubsetOf(shipped);
  }

  private static String resource(String name) throws IOException {
    try (InputStream stream = PackagingTest.class.getResourceAsStream(name)) {
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
