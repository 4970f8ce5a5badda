package io.assay.tests.readme;

import static org.assertj.core.api.Assertions.assertThat;

import io.assay.job.spark.Engines;
import io.assay.tests.readme.Snippets.Snippet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import jdk.jshell.JShell;
import jdk.jshell.Snippet.Status;
import jdk.jshell.SnippetEvent;
import jdk.jshell.SourceCodeAnalysis.CompletionInfo;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * The commands and queries of README.md, from top to bottom, as a newcomer would type them: in a
 * folder that looks like the project (so that results do not end up in it), the queries on the
 * tables that the commands before them wrote.
 */
final class ReadmeTest {
  private static final Path ROOT =
      Path.of(System.getProperty("assay.root", "..")).toAbsolutePath().normalize();
  private static final int MINUTES = 10;

  @TempDir static Path folder;

  @TestFactory
  Stream<DynamicTest> everyMarkedBlockRuns() throws IOException {
    for (String name : List.of("bin", "conf", "datasets", "tests")) {
      Files.createSymbolicLink(folder.resolve(name), ROOT.resolve(name));
    }
    return snippets().stream()
        .map(
            snippet ->
                DynamicTest.dynamicTest(
                    "line "
                        + snippet.line()
                        + ": "
                        + snippet.code().lines().findFirst().orElseThrow(),
                    () -> run(snippet)));
  }

  @Test
  void thePageShowsCommandsNotebooksAndBothKindsOfQueries() throws IOException {
    assertThat(snippets())
        .extracting(Snippet::runner)
        .contains("sh", "duckdb", "spark", "notebook");
    assertThat(snippets()).extracting(Snippet::code).contains("bin/assay run conf/quickstart.yaml");
  }

  private static List<Snippet> snippets() throws IOException {
    return Snippets.of(Files.readString(ROOT.resolve("README.md")));
  }

  private static void run(Snippet snippet) throws Exception {
    switch (snippet.runner()) {
      case "sh" -> shell(snippet.code());
      case "duckdb" -> assertThat(duckdb(inFolder(snippet.code()))).as("rows").isPositive();
      case "spark" -> assertThat(spark(inFolder(snippet.code()))).as("rows").isPositive();
      case "notebook" ->
          notebook(snippet.code().replace("\"datasets/", "\"" + folder + "/datasets/"));
      default ->
          throw new IllegalArgumentException(
              "line " + snippet.line() + ": nothing runs '" + snippet.runner() + "'");
    }
  }

  private static String inFolder(String query) {
    return query
        .replace("'results/", "'" + folder + "/results/")
        .replace("`results/", "`" + folder + "/results/");
  }

  private static void shell(String code) throws IOException, InterruptedException {
    Path log = Files.createTempFile(folder, "snippet", ".log");
    Process process =
        new ProcessBuilder("bash", "-euo", "pipefail", "-c", code)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    process.getOutputStream().close();
    boolean ended = process.waitFor(MINUTES, TimeUnit.MINUTES);
    if (!ended) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
    String output = Files.readString(log);
    assertThat(ended).as("ended within %d minutes, printed: %s", MINUTES, output).isTrue();
    assertThat(process.exitValue()).as(output).isZero();
    assertThat(output)
        .doesNotContain("\tat ")
        .doesNotContain("WARNING:")
        .doesNotContain("assay: building");
  }

  private static int duckdb(String query) throws SQLException {
    int rows = 0;
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(query)) {
      while (result.next()) {
        rows++;
      }
    }
    return rows;
  }

  private static long spark(String query) throws IOException {
    try (SparkSession session = session()) {
      return session.sql(query).count();
    }
  }

  /** Statements of Java, one after the other, in a process with a session named {@code spark}. */
  private static void notebook(String code) throws IOException {
    try (SparkSession session = session();
        JShell shell = JShell.builder().executionEngine("local").build()) {
      SparkSession.setActiveSession(session);
      shell.addToClasspath(System.getProperty("java.class.path"));
      // Imports first: one that comes later makes variables anew, without their values.
      int body = code.lastIndexOf("import ");
      body = body < 0 ? 0 : code.indexOf('\n', body);
      String rest =
          code.substring(0, body)
              + "\norg.apache.spark.sql.SparkSession spark ="
              + " org.apache.spark.sql.SparkSession.active();\n"
              + code.substring(body);
      while (!rest.isBlank()) {
        CompletionInfo statement = shell.sourceCodeAnalysis().analyzeCompletion(rest);
        for (SnippetEvent event : shell.eval(statement.source())) {
          String problems =
              shell.diagnostics(event.snippet()).map(d -> d.getMessage(Locale.ROOT)).toList()
                  + " "
                  + event.exception();
          assertThat(event.status()).as(statement.source() + problems).isEqualTo(Status.VALID);
          assertThat(event.exception()).as(statement.source()).isNull();
        }
        rest = statement.remaining();
      }
    } finally {
      Engines.closeAll();
    }
  }

  private static SparkSession session() {
    return SparkSession.builder()
        .master("local[1]")
        .config("spark.ui.enabled", "false")
        .config("spark.sql.shuffle.partitions", "1")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.driver.host", "127.0.0.1")
        .getOrCreate();
  }
}
