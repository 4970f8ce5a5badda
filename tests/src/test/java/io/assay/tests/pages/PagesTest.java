package io.assay.tests.pages;

import static org.assertj.core.api.Assertions.assertThat;

import io.assay.job.config.Places;
import io.assay.job.config.RunConfigReader;
import io.assay.tests.pages.Snippets.Snippet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.yaml.snakeyaml.Yaml;

/**
 * The commands, queries and settings of README.md and docs/*.md, from top to bottom, as a newcomer
 * would type them: in a folder that looks like the project (so that results do not end up in it),
 * the queries on the tables that the commands before them wrote.
 */
final class PagesTest {
  private static final Path ROOT =
      Path.of(System.getProperty("assay.root", "..")).toAbsolutePath().normalize();
  private static final int MINUTES = 10;

  /** In the order of reading; commands of later pages use what earlier ones left. */
  private static final List<String> ORDER =
      List.of(
          "README.md",
          "docs/getting-started.md",
          "docs/configuration.md",
          "docs/tasks.md",
          "docs/gates.md",
          "docs/tables.md",
          "docs/experts.md",
          "docs/methods.md",
          "docs/cluster.md",
          "docs/gpu-nodes.md",
          "docs/architecture.md",
          "docs/troubleshooting.md",
          "docs/performance.md");

  /** Commands that take hours or write into the project are shown, not run. */
  private static final String BENCHMARKS = "performance.md";

  private static final Pattern LINK = Pattern.compile("\\]\\(([^)#]+)(#[^)]*)?\\)");

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
                    snippet.page()
                        + ", line "
                        + snippet.line()
                        + ": "
                        + snippet.code().lines().findFirst().orElseThrow(),
                    () -> run(snippet)));
  }

  @Test
  void thePagesShowCommandsAndBothKindsOfQueries() throws IOException {
    assertThat(snippets()).extracting(Snippet::runner).contains("sh", "duckdb", "spark");
    assertThat(Snippets.of(ROOT.resolve("README.md")))
        .extracting(Snippet::code)
        .contains("bin/assay run conf/quickstart.yaml");
  }

  @Test
  void everyPageIsReadAndEveryBlockOfItRunOrChecked() throws IOException {
    try (Stream<Path> pages = Files.list(ROOT.resolve("docs"))) {
      assertThat(pages.map(page -> "docs/" + page.getFileName()).filter(p -> p.endsWith(".md")))
          .allSatisfy(page -> assertThat(ORDER).contains(page));
    }
    for (String page : ORDER) {
      if (!page.endsWith(BENCHMARKS)) {
        assertThat(Snippets.unmarked(ROOT.resolve(page))).isEmpty();
      }
    }
  }

  @Test
  void everyLinkLeadsSomewhere() throws IOException {
    int links = 0;
    for (String page : ORDER) {
      Matcher link = LINK.matcher(Files.readString(ROOT.resolve(page)));
      while (link.find()) {
        if (!link.group(1).matches("[a-z]+:.*")) {
          assertThat(ROOT.resolve(page).resolveSibling(link.group(1))).as(page).exists();
          links++;
        }
      }
    }
    assertThat(links).isGreaterThan(20);
  }

  private static List<Snippet> snippets() throws IOException {
    List<Snippet> snippets = new ArrayList<>();
    for (String page : ORDER) {
      snippets.addAll(Snippets.of(ROOT.resolve(page)));
    }
    return snippets;
  }

  private static void run(Snippet snippet) throws Exception {
    switch (snippet.runner()) {
      case "sh" -> shell(snippet.code());
      case "duckdb" -> assertThat(duckdb(inFolder(snippet.code()))).as("rows").isPositive();
      case "spark" -> assertThat(spark(inFolder(snippet.code()))).as("rows").isPositive();
      case "check-sh" -> shell("bash -n <<'CHECKED'\n" + snippet.code() + "\nCHECKED");
      case "check-yaml" -> settings(snippet.code());
      default ->
          throw new IllegalArgumentException(
              snippet.page()
                  + ", line "
                  + snippet.line()
                  + ": nothing runs '"
                  + snippet.runner()
                  + "'");
    }
  }

  /** Part of a run file: it is read as if it stood in that of the quickstart. */
  private static void settings(String yaml) throws IOException {
    Yaml reader = new Yaml();
    Map<String, Object> file = reader.load(Files.readString(ROOT.resolve("conf/quickstart.yaml")));
    Map<String, Object> part = reader.load(yaml);
    assertThat(part).isNotEmpty();
    file.putAll(part);
    Path merged = Files.writeString(folder.resolve("checked.yaml"), reader.dump(file));
    assertThat(
            new RunConfigReader(new Places(List.of(folder)), LocalDate.EPOCH)
                .read(merged, List.of(), null)
                .id())
        .isNotEmpty();
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
