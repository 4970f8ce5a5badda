package io.assay.tests.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code bin/assay} in a project folder of its own, where Java and Maven are scripts that write
 * down how they were called: what is tested is the launcher, not what it starts.
 */
final class LauncherTest {
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
          "touch",
          "flock",
          "head",
          "cat",
          "rm",
          "ln",
          "tail");

  @TempDir Path temporary;
  private Path home;
  private Path tools;
  private Path jdks;
  private Path mavenCalls;
  private Map<String, String> environment;

  @BeforeEach
  void project() throws IOException {
    home = Files.createDirectories(temporary.resolve("my assay 1"));
    tools = Files.createDirectories(temporary.resolve("tools"));
    jdks = Files.createDirectories(temporary.resolve("jdks"));
    mavenCalls = temporary.resolve("maven.calls");
    for (String tool : TOOLS) {
      Path found = onPath(tool);
      Files.createSymbolicLink(tools.resolve(tool), found);
    }
    Files.createDirectories(home.resolve("bin"));
    for (String script : List.of("assay", "find-jdk.sh", "build.sh")) {
      Files.copy(
          Project.root().resolve("bin").resolve(script), home.resolve("bin").resolve(script));
    }
    assertThat(home.resolve("bin/assay").toFile().setExecutable(true)).isTrue();
    for (String module : List.of("engine", "datasets", "eval", "job")) {
      Files.createDirectories(home.resolve(module).resolve("src/main/java"));
      Files.writeString(home.resolve(module).resolve("pom.xml"), "<project/>");
    }
    Files.writeString(home.resolve("pom.xml"), "<project/>");
    Files.writeString(temporary.resolve("spark.jar"), "");
    environment = new HashMap<>(Map.of("PATH", tools.toString(), "HOME", temporary.toString()));
    environment.put("ASSAY_JDK_ROOTS", jdks.toString());
  }

  @Test
  void withoutJdk25SaysWhereItLookedAndHowToGetOne() throws Exception {
    Path old = jdk("jdk-17", "17.0.15", "exit 0");
    environment.put("JAVA_HOME", old.toString());
    Launch launch = assay("--version");
    assertThat(launch.exit()).isEqualTo(2);
    assertThat(launch.out()).isEmpty();
    assertThat(launch.err())
        .startsWith("assay: JDK_NOT_FOUND: ")
        .contains(
            "JDK 25",
            "JAVA_HOME (17)",
            "JDK_HOME (not set)",
            jdks.toString(),
            "https://adoptium.net")
        .hasLineCount(1);
  }

  @Test
  void prefersJavaHomeThenPathThenTheUsualPlaces() throws Exception {
    built();
    jdk("a-jdk", "25.0.1", "echo roots");
    assertThat(assay().out()).isEqualTo("roots\n");

    Path other = jdk("../elsewhere", "25", "echo path");
    Files.createSymbolicLink(tools.resolve("java"), other.resolve("bin/java"));
    assertThat(assay().out()).isEqualTo("path\n");

    environment.put("JAVA_HOME", jdk("../mine", "25.0.3", "echo home").toString());
    assertThat(assay().out()).isEqualTo("home\n");
  }

  @Test
  void aJdk250IsNotMistakenFor25AndAJreIsNoJdk() throws Exception {
    built();
    jdk("jdk-250", "250.0.1", "echo wrong");
    Path runtime = jdk("jre-25", "25.0.1", "echo wrong");
    Files.delete(runtime.resolve("bin/javac"));
    Launch launch = assay();
    assertThat(launch.exit()).isEqualTo(2);
    assertThat(launch.err()).startsWith("assay: JDK_NOT_FOUND: ");
  }

  @Test
  void worksThroughSymlinksFromAnyFolderAndKeepsArgumentsAsTheyAre() throws Exception {
    built();
    jdk("jdk-25", "25.0.1", "printf '<%s>\\n' \"$@\"");
    Path elsewhere = Files.createDirectories(temporary.resolve("some where/else"));
    Path link = elsewhere.resolve("assay link");
    Files.createSymbolicLink(temporary.resolve("hop"), home.resolve("bin/assay"));
    Files.createSymbolicLink(link, Path.of("../../hop"));

    Launch launch =
        Launch.run(
            elsewhere,
            environment,
            List.of(link.toString(), "score", "--input", "a b", "", "*", "\"'$HOME"));

    Path real = home.toRealPath();
    assertThat(launch.err()).isEmpty();
    assertThat(launch.out())
        .contains("<-Dassay.home=" + real + ">")
        .contains("<" + real + "/job/target/assay-job.jar:" + temporary + "/spark.jar>")
        .contains(
            "<--add-modules=jdk.incubator.vector>",
            "<-Dai.djl.offline=true>",
            "<-DOPT_OUT_TRACKING=true>")
        .endsWith("<io.assay.job.Assay>\n<score>\n<--input>\n<a b>\n<>\n<*>\n<\"'$HOME>\n");
  }

  @Test
  void passesOnExitCodeOptionsAndAUtf8Locale() throws Exception {
    built();
    jdk("jdk-25", "25.0.1", "echo \"$LC_ALL $OPT_OUT_TRACKING\"; printf '%s\\n' \"$@\"; exit 3");
    environment.put("ASSAY_JAVA_OPTS", "-Xmx3g -Xlog:gc");
    Launch launch = assay();
    assertThat(launch.exit()).isEqualTo(3);
    assertThat(launch.out()).startsWith("C.UTF-8 true\n").contains("\n-Xmx3g\n-Xlog:gc\n");
  }

  @Test
  void hidesTheAnnouncementOfTheVectorApiAndNothingElse() throws Exception {
    built();
    jdk(
        "jdk-25",
        "25.0.1",
        "echo 'WARNING: Using incubator modules: jdk.incubator.vector' >&2; echo 'one' >&3; exec 2>&-; exit 0");
    Launch quiet = assay();
    assertThat(quiet.err()).isEqualTo("one\n");

    jdk(
        "jdk-25",
        "25.0.1",
        "echo 'WARNING: Using incubator modules: other' >&2; printf 'no line end' >&2; exit 1");
    // The JVM's own words go through the filter, which may finish a moment after the JVM.
    Launch loud = Launch.run(home, environment, List.of("bash", "-c", "{ bin/assay 2>&1; } | cat"));
    assertThat(loud.out()).isEqualTo("WARNING: Using incubator modules: other\nno line end\n");
  }

  @Test
  void buildsOnceAndAgainOnlyWhenSomethingChanged() throws Exception {
    jdk("jdk-25", "25.0.1", "echo ran");
    maven("exit 0");
    Launch first = assay();
    assertThat(first.exit()).isZero();
    assertThat(first.out()).isEqualTo("ran\n");
    assertThat(first.err()).contains("assay: building (first use)").contains("assay: built in");
    assertThat(builds()).isEqualTo(1);
    assertThat(Files.readString(mavenCalls))
        .contains("-pl job -am")
        .contains(home.toRealPath().resolve("pom.xml").toString());

    Launch second = assay();
    assertThat(second.err()).isEmpty();
    assertThat(builds()).isEqualTo(1);

    Path source = home.resolve("engine/src/main/java/A.java");
    Files.writeString(source, "class A {}");
    Files.setLastModifiedTime(source, FileTime.from(Instant.now().plusSeconds(5)));
    assertThat(assay().err()).contains("changed");
    assertThat(builds()).isEqualTo(2);
    Files.setLastModifiedTime(source, FileTime.from(Instant.now().minusSeconds(500)));
    Files.setLastModifiedTime(source.getParent(), FileTime.from(Instant.now().minusSeconds(500)));

    // The Maven repository was moved or cleaned.
    Files.delete(temporary.resolve("spark.jar"));
    maven("touch '" + temporary.resolve("spark.jar") + "'");
    assertThat(assay().err()).contains("spark.jar is no longer in the Maven repository");
    assertThat(builds()).isEqualTo(3);
  }

  @Test
  void launchesAtTheSameTimeBuildOnce() throws Exception {
    jdk("jdk-25", "25.0.1", "echo ran");
    maven("sleep 1");
    try (var pool = Executors.newFixedThreadPool(4)) {
      List<Callable<Launch>> launches = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        launches.add(() -> assay());
      }
      for (var launch : pool.invokeAll(launches)) {
        assertThat(launch.get().exit()).isZero();
        assertThat(launch.get().out()).isEqualTo("ran\n");
      }
    }
    assertThat(builds()).isEqualTo(1);
  }

  @Test
  void aFailedBuildShowsTheErrorsAndTheLog() throws Exception {
    jdk("jdk-25", "25.0.1", "echo ran");
    maven("echo '[ERROR] A.java:[3,1] class, interface, enum, or record expected'; exit 1");
    Launch launch = assay();
    assertThat(launch.exit()).isEqualTo(4);
    assertThat(launch.out()).isEmpty();
    assertThat(launch.err())
        .contains("[ERROR] A.java:[3,1] class")
        .contains("assay: BUILD_FAILED: ")
        .contains(home.toRealPath().resolve("target/build.log").toString());
    assertThat(home.resolve("job/target/assay-job.jar")).doesNotExist();
  }

  @Test
  void withoutMavenSaysSo() throws Exception {
    jdk("jdk-25", "25.0.1", "echo ran");
    Launch launch = assay();
    assertThat(launch.exit()).isEqualTo(2);
    assertThat(launch.err())
        .startsWith("assay: MAVEN_NOT_FOUND: ")
        .contains("first use")
        .hasLineCount(1);
  }

  @Test
  void aWrongAssayHomeIsNamed() throws Exception {
    environment.put("ASSAY_HOME", temporary.toString());
    Launch launch = assay();
    assertThat(launch.exit()).isEqualTo(2);
    assertThat(launch.err())
        .startsWith("assay: HOME_NOT_FOUND: ")
        .contains(temporary.toString())
        .hasLineCount(1);
  }

  private Launch assay(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(home.resolve("bin/assay").toString()));
    command.addAll(List.of(arguments));
    return Launch.run(temporary, environment, command);
  }

  /** A JDK whose java is a script. */
  private Path jdk(String name, String version, String script) throws IOException {
    Path jdk = jdks.resolve(name).normalize();
    Files.createDirectories(jdk.resolve("bin"));
    Files.writeString(
        jdk.resolve("release"), "IMPLEMENTOR=\"x\"\nJAVA_VERSION=\"" + version + "\"\n");
    executable(jdk.resolve("bin/java"), script);
    executable(jdk.resolve("bin/javac"), "exit 0");
    return jdk;
  }

  /** A Maven that counts its calls and, if the script says nothing else, leaves a jar. */
  private void maven(String script) throws IOException {
    executable(
        tools.resolve("mvn"),
        "echo \"$@\" >> '%s'\n%s\nmkdir -p '%3$s/job/target'; touch '%3$s/job/target/assay-job.jar'; echo '%4$s/spark.jar' > '%3$s/job/target/spark-classpath'"
            .formatted(mavenCalls, script.equals("exit 0") ? ":" : script, home, temporary));
  }

  private void built() throws IOException {
    Files.createDirectories(home.resolve("job/target"));
    Files.writeString(
        home.resolve("job/target/spark-classpath"), temporary.resolve("spark.jar") + "\n");
    Path jar = Files.writeString(home.resolve("job/target/assay-job.jar"), "");
    Files.setLastModifiedTime(jar, FileTime.from(Instant.now().plusSeconds(1)));
  }

  private long builds() throws IOException {
    return Files.exists(mavenCalls, LinkOption.NOFOLLOW_LINKS)
        ? Files.readAllLines(mavenCalls).size()
        : 0;
  }

  private static void executable(Path file, String script) throws IOException {
    Files.writeString(file, "#!" + onPath("bash") + "\n" + script + "\n");
    assertThat(file.toFile().setExecutable(true)).isTrue();
  }

  private static Path onPath(String tool) {
    for (String folder : System.getenv("PATH").split(":", -1)) {
      Path file = Path.of(folder, tool);
      if (Files.isExecutable(file)) {
        return file;
      }
    }
    throw new IllegalStateException("this test needs '" + tool + "' on the PATH");
  }
}
