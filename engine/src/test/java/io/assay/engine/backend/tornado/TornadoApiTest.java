package io.assay.engine.backend.tornado;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.DataInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Compiling against TornadoVM's API leaves no trace that a plain JVM would stumble over. */
final class TornadoApiTest {
  @Test
  void ourClassesAreOrdinaryClassFiles() throws IOException {
    Path root = Path.of("target", "classes");
    List<Path> classes;
    try (Stream<Path> files = Files.walk(root)) {
      classes = files.filter(f -> f.toString().endsWith(".class")).toList();
    }
    assertThat(classes).isNotEmpty();
    for (Path file : classes) {
      try (DataInputStream in = new DataInputStream(Files.newInputStream(file))) {
        in.readInt();
        assertThat(in.readUnsignedShort()).as("minor version of %s", file).isZero();
      }
    }
  }
}
