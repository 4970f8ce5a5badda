package io.assay.tests.readme;

import static org.assertj.core.api.Assertions.assertThat;

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
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
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
  void thePageShowsCommandsAndBothKindsOfQueries() throws IOException {
    assertThat(snippets()).extracting(Snippet::runner).contains("sh", "duckdb", "spark");
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
    try (SparkSession session =
        SparkSession.builder()
            .master("local[1]")
            .config("spark.ui.enabled", "false")
            .config("spark.sql.shuffle.partitions", "1")
            .config("spark.driver.bindAddress", "127.0.0.1")
            .config("spark.driver.host", "127.0.0.1")
            .getOrCreate()) {
      return session.sql(query).count();
    }
  }
}
