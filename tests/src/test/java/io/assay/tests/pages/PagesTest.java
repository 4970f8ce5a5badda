package io.assay.tests.pages;

import static org.assertj.core.api.Assertions.assertThat;

import io.assay.engine.backend.cpu.CpuBackend;
import io.assay.job.config.Places;
import io.assay.job.config.RunConfigReader;
import io.assay.job.spark.Engines;
import io.assay.tests.launcher.Launch;
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
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
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
import org.yaml.snakeyaml.Yaml;

/**
 * The commands, queries and settings of README.md and docs/*.md, from top to bottom, as a newcomer
 * would type them: in a folder that looks like the project (so that results do not end up in it),
 * the queries on the tables that the commands before them wrote.
 */
final class PagesTest {
  private static final Path ROOT =
      Path.of(System.getProperty("assay.root", "..")).toAbsolutePath().normalize();

  /** In the order of reading; commands of later pages use what earlier ones left. */
  private static final List<String> ORDER =
      List.of(
          "README.md",
          "docs/getting-started.md",
          "docs/configuration.md",
          "docs/tasks.md",
          "docs/gates.md",
          "docs/report.md",
          "docs/tables.md",
          "docs/experts.md",
          "docs/methods.md",
          "docs/notebooks.md",
          "docs/cluster.md",
          "docs/gpu-nodes.md",
          "docs/architecture.md",
          "docs/troubleshooting.md",
          "docs/performance.md");

  /** Commands that take hours or write into the project are shown, not run. */
  private static final String BENCHMARKS = "performance.md";

  /**
   * A command that ends after seconds spends most of them in the optimising compiler. Kernels in
   * machine code do not need it; those of the Vector API do.
   */
  private static final boolean QUICK_COMPILER = CpuBackend.products().contains("machine code");

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
      case "notebook" ->
          notebook(snippet.code().replace("\"datasets/", "\"" + ROOT + "/datasets/"));
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
        .replace("read_json('", "read_json('" + folder + "/")
        .replace("`results/", "`" + folder + "/results/");
  }

  private static void shell(String code) throws IOException, InterruptedException {
    Map<String, String> environment = new HashMap<>(System.getenv());
    if (QUICK_COMPILER) {
      environment.put("ASSAY_JAVA_OPTS", "-XX:TieredStopAtLevel=1");
    }
    Launch launch =
        Launch.run(folder, environment, List.of("bash", "-euo", "pipefail", "-c", code));
    String output = launch.all();
    assertThat(launch.exit()).as(output).isZero();
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
