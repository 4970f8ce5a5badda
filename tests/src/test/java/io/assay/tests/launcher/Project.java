package io.assay.tests.launcher;

import java.nio.file.Files;
import java.nio.file.Path;

/** Where the project under test lies. */
public final class Project {
  private Project() {}

  /** The root folder, handed over by the build as the system property {@code assay.root}. */
  public static Path root() {
    Path root = Path.of(System.getProperty("assay.root", "..")).toAbsolutePath().normalize();
    if (!Files.isRegularFile(root.resolve("bin/assay"))) {
      throw new IllegalStateException(
          "no bin/assay under " + root + ": run the tests through Maven, or set -Dassay.root");
    }
    return root;
  }

  /** A file that {@code mvn package} makes. */
  public static Path built(String relative) {
    Path file = root().resolve(relative);
    if (!Files.isRegularFile(file)) {
      throw new IllegalStateException(
          file + " is missing: run bin/test (mvn verify), which packages the job first");
    }
    return file;
  }
}
