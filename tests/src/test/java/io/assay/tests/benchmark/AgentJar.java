package io.assay.tests.benchmark;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

/** Jars that name a Java agent, whose class is found on the class path. */
final class AgentJar {
  private AgentJar() {}

  /** Makes the jar of an agent. */
  static Path write(Path file, Class<?> agent) throws IOException {
    Manifest manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    manifest.getMainAttributes().put(new Attributes.Name("Premain-Class"), agent.getName());
    try (OutputStream stream = Files.newOutputStream(file)) {
      new JarOutputStream(stream, manifest).close();
    }
    return file;
  }
}
