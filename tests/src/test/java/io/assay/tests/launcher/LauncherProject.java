package io.assay.tests.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A project folder for {@code bin/assay} alone, where Java and Maven are scripts that write down
 * how they were called, and only the tools the launcher needs are on the path.
 */
final class LauncherProject {
  private static final List<String> TOOLS =
      List.of(
          "bash",
          "env",
          "dirname",
          "readlink",
          "find",
          "grep",
          "awk",
          "sleep",
          "mkdir",
          "mktemp",
          "mv",
          "touch",
          "flock",
          "head",
          "cat",
          "rm",
          "ln",
          "tail",
          "wc");

  private final Path temporary;
  private final Path home;
  private final Path tools;
  private final Path jdks;
  private final Path mavenCalls;
  private final Map<String, String> environment;

  LauncherProject(Path temporary) throws IOException {
    this.temporary = temporary;
    home = Files.createDirectories(temporary.resolve("my assay 1"));
    tools = Files.createDirectories(temporary.resolve("tools"));
    jdks = Files.createDirectories(temporary.resolve("jdks"));
    mavenCalls = temporary.resolve("maven.calls");
    for (String tool : TOOLS) {
      Path found = onPath(tool);
      Files.createSymbolicLink(tools.resolve(tool), found);
    }
    Files.createDirectories(home.resolve("bin"));
    for (String script :
        List.of("assay", "prepare", "find-jdk.sh", "build.sh", "tornado-arguments.sh")) {
      Files.copy(
          Project.root().resolve("bin").resolve(script), home.resolve("bin").resolve(script));
    }
    for (String command : List.of("assay", "prepare")) {
      assertThat(home.resolve("bin").resolve(command).toFile().setExecutable(true)).isTrue();
    }
    for (String module : List.of("engine", "datasets", "eval", "job")) {
      Files.createDirectories(home.resolve(module).resolve("src/main/java"));
      Files.writeString(home.resolve(module).resolve("pom.xml"), "<project/>");
    }
    Files.writeString(home.resolve("pom.xml"), "<project/>");
    Files.writeString(temporary.resolve("spark.jar"), "");
    environment = new HashMap<>(Map.of("PATH", tools.toString(), "HOME", temporary.toString()));
    environment.put("ASSAY_JDK_ROOTS", jdks.toString());
  }

  Path home() {
    return home;
  }

  Path tools() {
    return tools;
  }

  Path jdks() {
    return jdks;
  }

  Path mavenCalls() {
    return mavenCalls;
  }

  /** Environment of the launcher; may be changed. */
  Map<String, String> environment() {
    return environment;
  }

  Launch assay(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(home.resolve("bin/assay").toString()));
    command.addAll(List.of(arguments));
    return Launch.run(temporary, environment, command);
  }

  /** A JDK whose java is a script. */
  Path jdk(String name, String version, String script) throws IOException {
    Path jdk = jdks.resolve(name).normalize();
    Files.createDirectories(jdk.resolve("bin"));
    Files.writeString(
        jdk.resolve("release"), "IMPLEMENTOR=\"x\"\nJAVA_VERSION=\"" + version + "\"\n");
    executable(jdk.resolve("bin/java"), script);
    executable(jdk.resolve("bin/javac"), "exit 0");
    return jdk;
  }

  /** A Maven that counts its calls and, if the script says nothing else, leaves a jar. */
  void maven(String script) throws IOException {
    executable(
        tools.resolve("mvn"),
        "echo \"$@\" >> '%s'\n%s\nmkdir -p '%3$s/job/target'; touch '%3$s/job/target/assay-job.jar'; echo '%4$s/spark.jar' > '%3$s/job/target/spark-classpath'"
            .formatted(mavenCalls, script.equals("exit 0") ? ":" : script, home, temporary));
  }

  void built() throws IOException {
    Files.createDirectories(home.resolve("job/target"));
    Files.writeString(
        home.resolve("job/target/spark-classpath"), temporary.resolve("spark.jar") + "\n");
    Path jar = Files.writeString(jar(), "");
    // The source that was written last, whatever the clock says by now.
    aged(jar, home.resolve("pom.xml"), 1);
  }

  /** What a build makes. */
  Path jar() {
    return home.resolve("job/target/assay-job.jar");
  }

  /** Makes a file so many seconds younger than another is. */
  static void aged(Path file, Path than, int seconds) throws IOException {
    Files.setLastModifiedTime(
        file, FileTime.from(Files.getLastModifiedTime(than).toInstant().plusSeconds(seconds)));
  }

  long builds() throws IOException {
    return Files.exists(mavenCalls, LinkOption.NOFOLLOW_LINKS)
        ? Files.readAllLines(mavenCalls).size()
        : 0;
  }

  static void executable(Path file, String script) throws IOException {
    Files.writeString(file, "#!" + onPath("bash") + "\n" + script + "\n");
    assertThat(file.toFile().setExecutable(true)).isTrue();
  }

  static Path onPath(String tool) {
    for (String folder : System.getenv("PATH").split(":", -1)) {
      Path file = Path.of(folder, tool);
      if (Files.isExecutable(file)) {
        return file;
      }
    }
    throw new IllegalStateException("this test needs '" + tool + "' on the PATH");
  }
}
