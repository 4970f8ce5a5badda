package io.assay.tests.cluster;

import io.assay.tests.launcher.Project;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** What Spark needs of an installation: a folder with its jars. */
record SparkHome(Path folder) {

  /** Makes one of links to the jars in the local Maven repository, or completes it. */
  static SparkHome create() throws IOException {
    // Not in a test's temporary folder: JUnit warns of every link that leads out of it.
    Path home = Project.root().resolve("tests/target/spark-home");
    Path jars = Files.createDirectories(home.resolve("jars"));
    List<Path> wanted =
        Stream.of(
                Files.readString(Project.built("job/target/spark-classpath"))
                    .strip()
                    .split(":", -1))
            .map(Path::of)
            .toList();
    try (Stream<Path> links = Files.list(jars)) {
      for (Path link : links.toList()) {
        if (!wanted.contains(Files.readSymbolicLink(link))) {
          Files.delete(link);
        }
      }
    }
    for (Path jar : wanted) {
      try {
        Files.createSymbolicLink(jars.resolve(jar.getFileName()), jar);
      } catch (FileAlreadyExistsException e) {
        // Of an earlier test.
      }
    }
    return new SparkHome(home);
  }

  /** Class path of everything in it. */
  String classPath() {
    return folder.resolve("jars").resolve("*").toString();
  }

  /** This process' environment as Spark's scripts would set it up. */
  Map<String, String> environment() {
    Map<String, String> environment = new HashMap<>(System.getenv());
    environment.put("SPARK_HOME", folder.toString());
    environment.put("SPARK_SCALA_VERSION", "2.13");
    environment.put("SPARK_LOCAL_IP", "127.0.0.1");
    environment.put("JAVA_HOME", System.getProperty("java.home"));
    return environment;
  }
}
