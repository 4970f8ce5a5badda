package io.assay.tests.gate;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.assay.tests.plan.SmallRun;
import io.assay.tests.plan.SmallRun.Result;
import io.assay.tests.table.Parquet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;

/**
 * Nights of one series with the quickstart's two checkpoints, of which the early one is worse: what
 * gates say of each, and that {@code compare} says the same of their tables.
 */
@ResourceLock(Resources.SYSTEM_OUT)
@ResourceLock(Resources.SYSTEM_ERR)
class GatesTest {
  private static final Path QUICKSTART =
      Path.of(System.getProperty("assay.root", ".."))
          .toAbsolutePath()
          .normalize()
          .resolve("datasets/quickstart");
  private static final String RULES =
      "gates.rules=[{metric: perplexity, max_increase: 1%}, {metric: acc*, max_decrease: 0.5}]";

  @TempDir private static Path folder;

  private static Result first;
  private static Result worse;
  private static Result same;
  private static Result better;

  @BeforeAll
  static void nights() throws IOException {
    List<String> lines = new ArrayList<>();
    for (String domain : List.of("java_code", "stories")) {
      lines.addAll(
          Files.readAllLines(QUICKSTART.resolve("corpora/" + domain + ".jsonl")).subList(0, 8));
    }
    Files.write(folder.resolve("texts.jsonl"), lines);
    Files.writeString(
        folder.resolve("night.yaml"),
        """
        run: {id: "night-{date}", results: %1$s/results}
        model: {path: %2$s/model}
        tasks: {paths: [%2$s/tasks], names: [qs_compare], limit: 12}
        corpora: [{name: texts, path: %1$s/texts.jsonl, domain: domain, id: id}]
        statistics: {experts: false, mtp: false}
        spark: {master: "local[2]"}
        store: {path: null}
        gates: {baseline: latest}
        """
            .formatted(folder, QUICKSTART));
    first = night("first", RULES);
    worse = night("worse", RULES, "model.path=" + QUICKSTART.resolve("model-early"));
    // Cut into other partitions.
    same = night("same", RULES, "spark.master=local[1]");
    better = night("better", RULES, "gates.baseline=worse");
  }

  private static Result night(String id, String... settings) {
    List<String> line =
        new ArrayList<>(List.of("run", folder + "/night.yaml", "--threads", "2", "--run-id", id));
    for (String setting : settings) {
      line.addAll(List.of("--set", setting));
    }
    return SmallRun.assay(line.toArray(String[]::new));
  }

  private static Result compare(String... more) {
    List<String> line = new ArrayList<>(List.of("compare", "--results", folder + "/results"));
    line.addAll(List.of(more));
    return SmallRun.assay(line.toArray(String[]::new));
  }

  private static List<List<Object>> gates(String columns, String id) throws SQLException {
    return Parquet.query(
        "SELECT %s FROM %s ORDER BY task, metric"
            .formatted(columns, Parquet.table(folder.resolve("results"), "gates", id)));
  }

  private static List<Object> runs(String id) throws SQLException {
    return Parquet.query(
            "SELECT status, gate_verdict, family FROM "
                + Parquet.table(folder.resolve("results"), "runs", id))
        .getFirst();
  }

  @Test
  void theFirstNightHasNothingToCompareWith() throws SQLException {
    assertThat(first.exit()).as(first.err()).isZero();
    assertThat(first.err()).contains("has no baseline yet, nothing was compared");
    assertThat(gates("verdict, baseline_run_id, metric", "first"))
        .extracting(List::getFirst)
        .containsOnly("no_baseline")
        .hasSize(3);
    assertThat(runs("first")).containsExactly("succeeded", "no_baseline", "night-{date}");
  }

  @Test
  void aWorseModelFailsAndItsTablesStay() throws SQLException {
    assertThat(worse.exit()).as(worse.err()).isEqualTo(1);
    assertThat(worse.err())
        .contains("Gates: run worse against first on common documents", "Verdict: failed, 1 of 3");
    assertThat(runs("worse")).containsExactly("succeeded", "failed", "night-{date}");
    List<Object> row =
        gates(
                "metric, verdict, baseline_run_id, delta > 0, ci_low > 0, ci_high > ci_low,"
                    + " delta = value - baseline, p_value < 0.01, p_value <= p_adjusted,"
                    + " documents, unpaired, test, rule",
                "worse")
            .getFirst();
    assertThat(row)
        .containsExactly(
            "perplexity",
            "failed",
            "first",
            true,
            true,
            true,
            true,
            true,
            true,
            16L,
            0L,
            "bootstrap",
            "max_increase 1%");
    // The values on common documents are those of the runs, as all documents are common.
    assertThat(
            Parquet.query(
                """
                SELECT count(*) FROM %s g JOIN %s w USING (task, filter, metric)
                JOIN %s f USING (task, filter, metric)
                WHERE g.value = w.value AND g.baseline = f.value
                """
                    .formatted(
                        Parquet.table(folder.resolve("results"), "gates", "worse"),
                        Parquet.table(folder.resolve("results"), "metrics", "worse"),
                        Parquet.table(folder.resolve("results"), "metrics", "first"))))
        .containsExactly(List.of(3L));
  }

  @Test
  void theSameModelDiffersByExactlyNothing() throws SQLException {
    assertThat(same.exit()).as(same.err()).isZero();
    assertThat(gates("verdict, baseline_run_id, delta, ci_low, ci_high, p_value", "same"))
        .hasSize(3)
        .containsOnly(List.of("passed", "first", 0.0, 0.0, 0.0, 1.0));
  }

  @Test
  void aBetterModelIsSaidToBe() throws SQLException {
    assertThat(better.exit()).as(better.err()).isZero();
    assertThat(gates("metric, verdict, baseline_run_id", "better").getFirst())
        .containsExactly("perplexity", "improved", "worse");
  }

  @Test
  void aCompleteRunSaysItAgain() {
    Result again = night("worse", RULES, "model.path=" + QUICKSTART.resolve("model-early"));
    assertThat(again.exit()).isEqualTo(1);
    assertThat(again.err()).contains("was complete already", "Verdict: failed, 1 of 3");
  }

  @Test
  void compareReadsTheTablesAndLeavesThem() throws IOException {
    Map<Path, String> before = files();
    Result down = compare("first", "worse", "--json");
    assertThat(down.exit()).isEqualTo(1);
    JsonNode report = new ObjectMapper().readTree(down.out());
    assertThat(report.get("verdict").asText()).isEqualTo("failed");
    assertThat(report.get("gates")).hasSize(3);
    assertThat(report.at("/gates/0/metric").asText()).isEqualTo("perplexity");
    double delta = report.at("/gates/0/delta").asDouble();
    assertThat(delta).isPositive();

    Result up = compare("worse", "first");
    assertThat(up.exit()).as(up.err()).isZero();
    assertThat(up.out()).contains("Gates: run first against worse", "improved", "Verdict: passed");
    Result all = compare("first", "worse", "--all-metrics", "--json");
    assertThat(all.exit()).isEqualTo(1);
    assertThat(new ObjectMapper().readTree(all.out()).get("gates")).hasSize(6);
    assertThat(files()).isEqualTo(before);
  }

  private static Map<Path, String> files() throws IOException {
    Map<Path, String> files = new TreeMap<>();
    try (Stream<Path> walked = Files.walk(folder.resolve("results"))) {
      for (Path file : walked.filter(Files::isRegularFile).toList()) {
        files.put(file, Files.getLastModifiedTime(file) + " " + Files.size(file));
      }
    }
    return files;
  }

  @Test
  void nothingComparableIsNotPassed() throws IOException, SQLException {
    Result other =
        night("other", "gates.rules=[{metric: acc*, max_decrease: 0.5}]", "tasks.num_fewshot=1");
    assertThat(other.exit()).as(other.err()).isZero();
    assertThat(other.err())
        .contains("not comparable: qs_compare: num_fewshot is 1 here and 3 in the baseline")
        .contains("Verdict: not_comparable, nothing was compared");
    assertThat(gates("metric, verdict", "other"))
        .containsExactly(List.of("acc", "not_comparable"), List.of("acc_norm", "not_comparable"));
    assertThat(runs("other")).containsExactly("succeeded", "not_comparable", "night-{date}");
    Result all = compare("first", "other", "--all-metrics", "--json");
    assertThat(all.exit()).isZero();
    JsonNode report = new ObjectMapper().readTree(all.out());
    assertThat(report.get("verdict").asText()).as("perplexities were compared").isEqualTo("passed");
    assertThat(report.get("gates").findValuesAsText("verdict"))
        .containsExactly(
            "not_comparable", "not_comparable", "passed", "passed", "passed", "passed");
  }

  @Test
  void gatesThatCannotBeAreRefused() {
    Result none = night("x", "gates.baseline=nowhere");
    assertThat(none.exit()).isEqualTo(2);
    assertThat(none.err()).startsWith("assay: RUN_CONFIG: gates.baseline: run nowhere is not in");
    Result self = night("x", "gates.baseline=x");
    assertThat(self.exit()).isEqualTo(2);
    assertThat(self.err()).contains("gates.baseline: x is the run itself");
    Result rule = night("x", "gates.rules=[{metric: acuracy, max_decrease: 0}]");
    assertThat(rule.exit()).isEqualTo(2);
    assertThat(rule.err())
        .contains("gates.rules.0: no task or corpus of the run has the metric acuracy")
        .contains("acc, acc_norm, bits_per_byte");
    assertThat(compare("first", "nowhere").exit()).isEqualTo(3);
    assertThat(compare("first").exit()).isEqualTo(2);
    assertThat(SmallRun.assay("compare").exit()).isEqualTo(2);
    assertThat(compare("first", "worse", "--model", "m").exit()).isEqualTo(2);
  }
}
