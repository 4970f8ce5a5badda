package io.assay.tests.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.assay.job.table.Table;
import io.assay.tests.plan.SmallRun;
import io.assay.tests.plan.SmallRun.Result;
import io.assay.tests.table.Parquet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;

/** The page that a run leaves and {@code assay report} writes again, against the run's tables. */
@ResourceLock(Resources.SYSTEM_OUT)
@ResourceLock(Resources.SYSTEM_ERR)
final class ReportCommandTest {
  private static final Pattern DATA =
      Pattern.compile("<script type=\"application/json\" id=\"data\">(.*?)</script>");

  @TempDir private static Path folder;

  private static SmallRun small;
  private static Result run;

  @BeforeAll
  static void aRun() throws IOException {
    small = new SmallRun(folder);
    run = small.execute("run");
  }

  private static Result report(String... more) {
    String[] line = new String[3 + more.length];
    System.arraycopy(more, 0, line, 3, more.length);
    line[0] = "report";
    line[1] = "--results";
    line[2] = small.results().toString();
    return SmallRun.assay(line);
  }

  private static JsonNode data(String page) throws IOException {
    Matcher data = DATA.matcher(page);
    assertThat(data.find()).isTrue();
    return new ObjectMapper().readTree(data.group(1));
  }

  @Test
  void aRunLeavesItsPageAndTheCommandWritesTheSame() throws IOException {
    assertThat(run.exit()).as(run.err()).isZero();
    Path page = small.results().resolve("reports/small.html");
    assertThat(run.err()).contains("Its page is " + page);
    String written = Files.readString(page);

    Result again = report("small");
    assertThat(again.exit()).as(again.err()).isZero();
    assertThat(again.out().strip()).isEqualTo(page.toString());
    assertThat(Files.readString(page)).isEqualTo(written);

    Path elsewhere = folder.resolve("elsewhere.html");
    assertThat(report("small", "--output", elsewhere.toString()).out().strip())
        .isEqualTo(elsewhere.toString());
    assertThat(Files.readString(elsewhere)).isEqualTo(written);
    try (var left = Files.list(page.getParent())) {
      assertThat(left.map(file -> file.getFileName().toString()))
          .contains("small.html")
          .noneMatch(name -> name.startsWith("_"));
    }
  }

  @Test
  void thePageSaysWhatTheTablesSay() throws IOException, SQLException {
    JsonNode data = data(Files.readString(small.results().resolve("reports/small.html")));

    assertThat(data.at("/run/status").asText()).isEqualTo("succeeded");
    List<List<Object>> ended = small.query("SELECT finished_at::VARCHAR FROM %s", "runs", "small");
    assertThat(data.at("/run/finished").asText().substring(0, 19).replace('T', ' '))
        .isEqualTo(ended.getFirst().getFirst().toString().substring(0, 19));
    assertThat(data.path("metrics").path("rows")).hasSameSizeAs(rows("metrics"));
    for (JsonNode metric : data.path("metrics").path("rows")) {
      List<Object> row =
          Parquet.query(
                  "SELECT value, n FROM %s WHERE task = '%s' AND metric = '%s'"
                      .formatted(
                          Parquet.table(small.results(), "metrics", "small"),
                          metric.path("task").asText(),
                          metric.path("metric").asText()))
              .getFirst();
      double value = (Double) row.get(0);
      assertThat(metric.path("value").asDouble()).isCloseTo(value, byFigures(value));
      assertThat(metric.path("n").asLong()).isEqualTo(row.get(1));
    }
    assertThat(data.path("perplexity").path("rows")).hasSameSizeAs(rows("perplexity"));
    assertThat(data.at("/failures/total").asInt()).isEqualTo(rows("failures").size());
    loads(data.path("load"));
  }

  private static void loads(JsonNode load) throws SQLException {
    int experts = load.path("experts").asInt();
    JsonNode all = load.path("domains").get(0);
    assertThat(all.path("name").asText()).isEqualTo("*");
    assertThat(all.path("load")).hasSize(experts * load.path("layers").size());
    List<List<Object>> sums =
        small.query(
            "SELECT layer, expert, sum(tokens)::DOUBLE * count(DISTINCT expert) OVER (PARTITION BY"
                + " layer) / sum(sum(tokens)) OVER (PARTITION BY layer) FROM %s GROUP BY layer,"
                + " expert ORDER BY layer, expert",
            "expert_load", "small");
    assertThat(sums).hasSize(all.path("load").size());
    for (int i = 0; i < sums.size(); i++) {
      assertThat(all.path("load").get(i).asInt())
          .as("%s", sums.get(i))
          .isEqualTo((int) Math.round(100 * (Double) sums.get(i).get(2)));
    }
  }

  private static List<List<Object>> rows(String table) throws SQLException {
    return small.query("SELECT 1 FROM %s", table, "small");
  }

  private static Offset<Double> byFigures(double value) {
    return Offset.offset(1e-5 * Math.abs(value));
  }

  /** An expert that is busy everywhere takes more than its share of a domain that avoids it. */
  @Test
  void whoTakesLessOfADomainThanOfAllIsNoSpecialistOfIt() throws IOException, SQLException {
    try (FabricatedRun made = new FabricatedRun(small.results(), "avoided")) {
      made.ended(null, 1, "")
          .with(
              Table.EXPERT_SPECIALISATION,
              """
              SELECT 1 AS layer, 0 AS expert, domain, 20 AS documents, 60 AS tokens, 100 AS domain_tokens,
                120 AS expert_tokens, specialisation, 0.5 AS uniform, 0.5 AS ci_low, 0.7 AS ci_high,
                0.6 AS null_mean, 0.001 AS q_value
              FROM (VALUES ('avoids', 0.55), ('likes', 0.65)) v(domain, specialisation)
              """);
    }
    Result result = report("avoided");
    assertThat(result.exit()).as(result.err()).isZero();
    JsonNode domains =
        data(Files.readString(Path.of(result.out().strip()))).at("/specialists/domains");
    assertThat(domains).hasSize(2);
    for (JsonNode domain : domains) {
      boolean likes = domain.path("domain").asText().equals("likes");
      assertThat(domain.path("certain").asInt()).isEqualTo(likes ? 1 : 0);
      assertThat(domain.path("experts")).hasSize(likes ? 1 : 0);
    }
  }

  @Test
  void aRunThatIsNotThereIsNamed() {
    Result result = report("tomorrow");
    assertThat(result.exit()).isEqualTo(3);
    assertThat(result.err()).contains("run tomorrow is not in", "small", "--results");
    Result nowhere = report("small", "--output", folder + "/no/such/page.html");
    assertThat(nowhere.exit()).isEqualTo(2);
    assertThat(nowhere.err()).contains("is not a file in an existing folder");
  }
}
