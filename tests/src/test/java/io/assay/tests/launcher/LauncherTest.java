package io.assay.tests.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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
  @TempDir Path temporary;
  private LauncherProject project;

  @BeforeEach
  void project() throws IOException {
    project = new LauncherProject(temporary);
  }

  @Test
  void withoutJdk25SaysWhereItLookedAndHowToGetOne() throws Exception {
    Path old = project.jdk("jdk-17", "17.0.15", "exit 0");
    project.environment().put("JAVA_HOME", old.toString());
    Launch launch = project.assay("--version");
    assertThat(launch.exit()).isEqualTo(2);
    assertThat(launch.out()).isEmpty();
    assertThat(launch.err())
        .startsWith("assay: JDK_NOT_FOUND: ")
        .contains(
            "JDK 25",
            "JAVA_HOME (17)",
            "JDK_HOME (not set)",
            project.jdks().toString(),
            "https://adoptium.net")
        .hasLineCount(1);
  }

  @Test
  void schedulersReadJsonBeforeThereIsAJvmAndOfTheJvmItself() throws Exception {
    project.jdk("jdk-25", "25.0.1", "echo 'bad \\ \"option\"' >&2; exit 1");
    project.maven("printf '[ERROR] a \"quoted\"\\tname\\n'; exit 1");
    Launch unbuilt = project.assay("run", "--log-format", "json");
    assertThat(unbuilt.exit()).isEqualTo(4);
    List<JsonNode> lines = json(unbuilt.err());
    assertThat(lines)
        .extracting(line -> line.get("message").asText())
        .anyMatch(m -> m.contains("a \"quoted\" name"));
    assertThat(lines.getLast().get("code").asText()).isEqualTo("BUILD_FAILED");
    assertThat(lines.getLast().get("exit_code").asInt()).isEqualTo(4);

    project.built();
    Launch failed =
        Launch.run(
            project.home(),
            project.environment(),
            List.of("bash", "-c", "{ bin/assay run --log-format=json 2>&1; } | cat"));
    assertThat(json(failed.out()))
        .extracting(line -> line.get("message").asText())
        .containsExactly("bad \\ \"option\"");
  }

  private static List<JsonNode> json(String text) throws IOException {
    List<JsonNode> lines = new ArrayList<>();
    for (String line : text.lines().toList()) {
      lines.add(new ObjectMapper().readTree(line));
    }
    return lines;
  }

  @Test
  void prefersJavaHomeThenPathThenTheUsualPlaces() throws Exception {
    project.built();
    project.jdk("a-jdk", "25.0.1", "echo roots");
    assertThat(project.assay().out()).isEqualTo("roots\n");

    Path other = project.jdk("../elsewhere", "25", "echo path");
    Files.createSymbolicLink(project.tools().resolve("java"), other.resolve("bin/java"));
    assertThat(project.assay().out()).isEqualTo("path\n");

    project
        .environment()
        .put("JAVA_HOME", project.jdk("../mine", "25.0.3", "echo home").toString());
    assertThat(project.assay().out()).isEqualTo("home\n");
  }

  @Test
  void aJdk250IsNotMistakenFor25AndAJreIsNoJdk() throws Exception {
    project.built();
    project.jdk("jdk-250", "250.0.1", "echo wrong");
    Path runtime = project.jdk("jre-25", "25.0.1", "echo wrong");
    Files.delete(runtime.resolve("bin/javac"));
    Launch launch = project.assay();
    assertThat(launch.exit()).isEqualTo(2);
    assertThat(launch.err()).startsWith("assay: JDK_NOT_FOUND: ");
  }

  @Test
  void worksThroughSymlinksFromAnyFolderAndKeepsArgumentsAsTheyAre() throws Exception {
    project.built();
    project.jdk("jdk-25", "25.0.1", "printf '<%s>\\n' \"$@\"");
    Path elsewhere = Files.createDirectories(temporary.resolve("some where/else"));
    Path link = elsewhere.resolve("assay link");
    Files.createSymbolicLink(temporary.resolve("hop"), project.home().resolve("bin/assay"));
    Files.createSymbolicLink(link, Path.of("../../hop"));

    Launch launch =
        Launch.run(
            elsewhere,
            project.environment(),
            List.of(link.toString(), "score", "--input", "a b", "", "*", "\"'$HOME"));

    Path real = project.home().toRealPath();
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
    project.built();
    project.jdk(
        "jdk-25", "25.0.1", "echo \"$LC_ALL $OPT_OUT_TRACKING\"; printf '%s\\n' \"$@\"; exit 3");
    project.environment().put("ASSAY_JAVA_OPTS", "-Xmx3g -Xlog:gc");
    Launch launch = project.assay();
    assertThat(launch.exit()).isEqualTo(3);
    assertThat(launch.out()).startsWith("C.UTF-8 true\n").contains("\n-Xmx3g\n-Xlog:gc\n");
  }

  @Test
  void hidesTheAnnouncementOfTheVectorApiAndNothingElse() throws Exception {
    project.built();
    project.jdk(
        "jdk-25",
        "25.0.1",
        "echo 'WARNING: Using incubator modules: jdk.incubator.vector' >&2; echo 'one' >&3; exec"
            + " 2>&-; exit 0");
    Launch quiet = project.assay();
    assertThat(quiet.err()).isEqualTo("one\n");

    project.jdk(
        "jdk-25",
        "25.0.1",
        "echo 'WARNING: Using incubator modules: other' >&2; printf 'no line end' >&2; exit 1");
    // The JVM's own words go through the filter, which may finish a moment after the JVM.
    Launch loud =
        Launch.run(
            project.home(),
            project.environment(),
            List.of("bash", "-c", "{ bin/assay 2>&1; } | cat"));
    assertThat(loud.out()).isEqualTo("WARNING: Using incubator modules: other\nno line end\n");
  }

  @Test
  void buildsOnceAndAgainOnlyWhenSomethingChanged() throws Exception {
    project.jdk("jdk-25", "25.0.1", "echo ran");
    project.maven("exit 0");
    Launch first = project.assay();
    assertThat(first.exit()).isZero();
    assertThat(first.out()).isEqualTo("ran\n");
    assertThat(first.err()).contains("assay: building (first use)").contains("assay: built in");
    assertThat(project.builds()).isEqualTo(1);
    assertThat(Files.readString(project.mavenCalls()))
        .contains("-pl job -am")
        .contains(project.home().toRealPath().resolve("pom.xml").toString());

    Launch second = project.assay();
    assertThat(second.err()).isEmpty();
    assertThat(project.builds()).isEqualTo(1);

    Path source = project.home().resolve("engine/src/main/java/A.java");
    Files.writeString(source, "class A {}");
    LauncherProject.aged(source, project.jar(), 5);
    assertThat(project.assay().err()).contains("changed");
    assertThat(project.builds()).isEqualTo(2);
    LauncherProject.aged(source, project.jar(), -500);
    LauncherProject.aged(source.getParent(), project.jar(), -500);

    // The Maven repository was moved or cleaned.
    Files.delete(temporary.resolve("spark.jar"));
    project.maven("touch '" + temporary.resolve("spark.jar") + "'");
    assertThat(project.assay().err()).contains("spark.jar is no longer in the Maven repository");
    assertThat(project.builds()).isEqualTo(3);
  }

  @Test
  void launchesAtTheSameTimeBuildOnce() throws Exception {
    project.jdk("jdk-25", "25.0.1", "echo ran");
    project.maven("sleep 1");
    try (var pool = Executors.newFixedThreadPool(4)) {
      List<Callable<Launch>> launches = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        launches.add(() -> project.assay());
      }
      for (var launch : pool.invokeAll(launches)) {
        assertThat(launch.get().exit()).isZero();
        assertThat(launch.get().out()).isEqualTo("ran\n");
      }
    }
    assertThat(project.builds()).isEqualTo(1);
  }

  @Test
  void aFailedBuildShowsTheErrorsAndTheLog() throws Exception {
    project.jdk("jdk-25", "25.0.1", "echo ran");
    project.maven("echo '[ERROR] A.java:[3,1] class, interface, enum, or record expected'; exit 1");
    Launch launch = project.assay();
    assertThat(launch.exit()).isEqualTo(4);
    assertThat(launch.out()).isEmpty();
    assertThat(launch.err())
        .contains("[ERROR] A.java:[3,1] class")
        .contains("assay: BUILD_FAILED: ")
        .contains(project.home().toRealPath().resolve("target/build.log").toString());
    assertThat(project.jar()).doesNotExist();
  }

  @Test
  void withoutMavenSaysSo() throws Exception {
    project.jdk("jdk-25", "25.0.1", "echo ran");
    Launch launch = project.assay();
    assertThat(launch.exit()).isEqualTo(2);
    assertThat(launch.err())
        .startsWith("assay: MAVEN_NOT_FOUND: ")
        .contains("first use")
        .hasLineCount(1);
  }

  @Test
  void aWrongAssayHomeIsNamed() throws Exception {
    project.environment().put("ASSAY_HOME", temporary.toString());
    Launch launch = project.assay();
    assertThat(launch.exit()).isEqualTo(2);
    assertThat(launch.err())
        .startsWith("assay: HOME_NOT_FOUND: ")
        .contains(temporary.toString())
        .hasLineCount(1);
  }
}
