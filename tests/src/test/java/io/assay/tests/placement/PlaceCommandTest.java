package io.assay.tests.placement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.assay.tests.plan.SmallRun;
import io.assay.tests.plan.SmallRun.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code assay place} on tables with the loads of EPLB's example, and on those of a real run. */
@ResourceLock(Resources.SYSTEM_OUT)
@ResourceLock(Resources.SYSTEM_ERR)
class PlaceCommandTest {
  private static final int[][] EXAMPLE = {
    {90, 132, 40, 61, 104, 165, 39, 4, 73, 56, 183, 86},
    {20, 107, 104, 64, 19, 197, 187, 157, 172, 86, 16, 27}
  };
  private static final String[] EIGHT_GPUS = {
    "--replicas", "16", "--groups", "4", "--nodes", "2", "--gpus", "8"
  };

  @TempDir private Path folder;

  /** Writes the tables runs and expert_load of a run; rows are (layer, expert, domain, ...). */
  private void write(String run, String fingerprint, List<String> rows) throws SQLException {
    copy("runs", run, ended("succeeded", fingerprint));
    copy(
        "expert_load",
        run,
        "SELECT * FROM (VALUES %s) AS t(layer, expert, domain, phase, tokens, weight_sum)"
            .formatted(String.join(", ", rows)));
  }

  /** The columns of {@code runs} that later runs read. */
  private static String ended(String status, String fingerprint) {
    return "SELECT '%s' AS status, '' AS config_yaml, '%s' AS model_fingerprint, 'n' AS numerics, "
            .formatted(status, fingerprint)
        + "'fp32' AS precision, 1024::INTEGER AS max_length, true AS bos";
  }

  private void copy(String table, String run, String select) throws SQLException {
    Path part = folder.resolve("results").resolve(table).resolve("run_id=" + run);
    assertThat(part.toFile().mkdirs()).isTrue();
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = connection.createStatement()) {
      statement.execute("COPY (%s) TO '%s/p.parquet' (FORMAT parquet)".formatted(select, part));
    }
  }

  private static String row(int layer, int expert, String domain, String phase, long tokens) {
    return "(%d::INT, %d::INT, '%s', '%s', %d::BIGINT, 1.0::DOUBLE)"
        .formatted(layer, expert, domain, phase, tokens);
  }

  /** Half of the example's loads as prompts of a, the rest in b. */
  private static List<String> example(String domain, String phase, int part) {
    List<String> rows = new ArrayList<>();
    for (int layer = 0; layer < EXAMPLE.length; layer++) {
      for (int expert = 0; expert < EXAMPLE[layer].length; expert++) {
        int half = EXAMPLE[layer][expert] / 2;
        int tokens = part == 0 ? half : EXAMPLE[layer][expert] - half;
        rows.add(row(layer + 3, expert, domain, phase, tokens));
      }
    }
    return rows;
  }

  private Result place(String... line) {
    List<String> all =
        new ArrayList<>(List.of("place", "--results", folder.resolve("results").toString()));
    all.addAll(List.of(line));
    return SmallRun.assay(all.toArray(String[]::new));
  }

  private Result place(String[] topology, String... line) {
    List<String> all = new ArrayList<>(List.of(topology));
    all.addAll(List.of(line));
    return place(all.toArray(String[]::new));
  }

  private JsonNode placed(String[] topology, String... line) throws IOException {
    Path file = folder.resolve("placement.json");
    List<String> all = new ArrayList<>(List.of(line));
    all.addAll(List.of("--output", file.toString()));
    Result result = place(topology, all.toArray(String[]::new));
    assertThat(result.exit()).as(result.err()).isZero();
    assertThat(result.err()).isEmpty();
    return new ObjectMapper().readTree(Files.readString(file));
  }

  private static void isThePublishedExample(JsonNode json) {
    assertThat(json.at("/policy").asText()).isEqualTo("hierarchical");
    assertThat(json.at("/layers/0/layer").asInt()).isEqualTo(3);
    assertThat(json.at("/layers/0/physical_to_logical"))
        .hasToString("[5,6,5,7,8,4,3,4,10,9,10,2,0,1,11,1]");
    assertThat(json.at("/layers/1/physical_to_logical"))
        .hasToString("[7,10,6,8,6,11,8,9,2,4,5,1,5,0,3,1]");
  }

  @Test
  void theSumOfTwoRunsAndTwoDomainsIsThePublishedExample() throws Exception {
    write("first", "model", example("a", "prompt", 0));
    write("second", "model", example("b", "generated", 1));
    List<String> both = example("a", "prompt", 0);
    both.addAll(example("b", "generated", 1));
    write("both", "model", both);

    JsonNode json = placed(EIGHT_GPUS, "--run", "first", "--run", "second");
    isThePublishedExample(json);
    assertThat(json.at("/layers/0/tokens")).hasToString("[90,132,40,61,104,165,39,4,73,56,183,86]");
    assertThat(json.at("/layers/0/replica_counts")).hasToString("[1,2,1,1,2,2,1,1,1,1,2,1]");
    assertThat(json.at("/layers/0/logical_to_physical/1")).hasToString("[15,13]");
    assertThat(json.at("/layers/0/max_over_mean/before").asDouble())
        .isCloseTo(239 * 8 / 1033.0, within(1e-12));
    assertThat(json.at("/layers/0/max_over_mean/after").asDouble())
        .isCloseTo(156 * 8 / 1033.0, within(1e-12));
    isThePublishedExample(placed(EIGHT_GPUS, "--run", "second,first"));
    isThePublishedExample(placed(EIGHT_GPUS, "--run", "both"));
    assertThat(
            placed(EIGHT_GPUS, "--run", "both", "--domain", "a", "--phase", "prompt")
                .at("/layers/0/tokens"))
        .hasToString("[45,66,20,30,52,82,19,2,36,28,91,43]");
  }

  @Test
  void theTablesSayTheSameAndTheSweepGoesThroughAllCounts() throws Exception {
    write("a", "model", example("a", "prompt", 0));
    Result shown = place(EIGHT_GPUS, "--run", "a", "--sweep");
    assertThat(shown.exit()).as(shown.err()).isZero();
    assertThat(shown.out())
        .contains("Hierarchical: each of 4 groups stays on one of 2 nodes")
        .contains("Load of the busiest GPU over the mean", "Experts of each GPU")
        .containsPattern("\\n +3 +0 +0 +[0-9.]+ +5 6\\n");
    JsonNode json = place(EIGHT_GPUS, "--run", "a", "--sweep", "--output", "-").json();
    assertThat(json.at("/sweep").findValuesAsText("replicas")).containsExactly("16", "24");
    assertThat(json.at("/sweep/0/max_over_mean").asDouble())
        .isEqualTo(json.at("/max_over_mean/after").asDouble());
    String[] four = {"--replicas", "12", "--groups", "4", "--gpus", "4"};
    assertThat(
            place(four, "--run", "a", "--sweep", "--output", "-")
                .json()
                .at("/sweep")
                .findValuesAsText("replicas"))
        .containsExactly("12", "16", "20", "24");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--run none --replicas 16 --gpus 8|3|INPUT_UNREADABLE: run none is not in",
        "--run ../../etc --replicas 16 --gpus 8|3|INPUT_UNREADABLE: run ../../etc is not in",
        "--run a,a --replicas 16 --gpus 8|2|USAGE: --run names a twice",
        "--run a,other --replicas 16 --gpus 8|2|USAGE: --run names runs of different models",
        "--run gap --replicas 16 --gpus 8|3|INPUT_UNREADABLE: the table expert_load of gap has 2",
        "--run minus --replicas 16 --gpus 8|3|counts -5 tokens for expert 1 of layer 0",
        "--run huge --replicas 16 --gpus 8|3|counts 9223372036854775807 tokens for expert 0",
        "--run text --replicas 16 --gpus 8|3|the table expert_load of run text cannot be read",
        "--run bare --replicas 16 --gpus 8|3|run bare has no table expert_load",
        "--run a --replicas 8 --gpus 8|2|8 replicas do not hold the model's 12 experts",
        "--run a --replicas 17 --gpus 8|2|17 replicas cannot be shared out evenly over 8 GPUs",
        "--run a --replicas 16 --gpus 0|2|give at least 1 of each",
        "--run a --replicas 16 --gpus 8 --groups 5|2|12 experts are not 5 groups",
        "--run a --replicas 1e9 --gpus 8|2|USAGE: Invalid value for option '--replicas'",
        "--run a --replicas 2147483640 --gpus 8|2|are more than 65536",
        "--run a --replicas 16 --gpus 8 --domain x|2|measured are a (prompt)",
        "--run a --gpus 8|2|USAGE: Missing required option: '--replicas=R'",
      })
  void whatCannotBePlacedIsSaidInOneLine(String line, int exit, String why) throws Exception {
    write("a", "model", example("a", "prompt", 0));
    write("other", "another", example("a", "prompt", 0));
    write("gap", "model", List.of(row(0, 0, "a", "prompt", 1), row(0, 2, "a", "prompt", 1)));
    write("minus", "model", List.of(row(0, 0, "a", "prompt", 1), row(0, 1, "a", "prompt", -5)));
    write("huge", "model", List.of(row(0, 0, "a", "prompt", Long.MAX_VALUE)));
    write("text", "model", example("a", "prompt", 0));
    Files.writeString(folder.resolve("results/expert_load/run_id=text/p.parquet"), "no parquet");
    copy("runs", "bare", ended("failed", "model"));
    Result result = place(line.split(" "));
    assertThat(result.exit()).as(result.err()).isEqualTo(exit);
    assertThat(result.err()).startsWith("assay: ").contains(why).hasLineCount(1);
    assertThat(result.out()).isEmpty();
  }

  @Test
  void ofManyDomainsSomeAreNamed() throws Exception {
    List<String> rows = new ArrayList<>();
    for (int domain = 10; domain < 40; domain++) {
      rows.addAll(example("d" + domain, "prompt", 0));
    }
    write("many", "model", rows);
    Result result = place(EIGHT_GPUS, "--run", "many", "--domain", "*");
    assertThat(result.exit()).isEqualTo(2);
    assertThat(result.err())
        .contains("measured are d10 (prompt), d11 (prompt)", "d19 (prompt) and 20 more")
        .doesNotContain("d20");
    Result one = place("--run", "many", "--replicas", "12", "--gpus", "4");
    assertThat(one.exit()).as(one.err()).isZero();
    assertThat(one.out()).contains("One node: every expert may be on any of its GPUs");
  }

  @Test
  void aFolderWithoutRunsIsNamed() {
    Result result = place(EIGHT_GPUS, "--run", "a");
    assertThat(result.exit()).isEqualTo(3);
    assertThat(result.err())
        .startsWith("assay: INPUT_UNREADABLE: no run has left tables in ")
        .contains("--results");
  }

  @Test
  void theLoadsOfARealRun() throws Exception {
    SmallRun run = new SmallRun(folder);
    Result ran = run.execute("run", "--quiet");
    assertThat(ran.exit()).as(ran.err()).isZero();
    JsonNode json =
        place("--run", "small", "--replicas", "24", "--gpus", "4", "--output", "-").json();
    List<List<Object>> sums =
        run.query(
            "SELECT layer, expert, sum(tokens)::BIGINT FROM %s GROUP BY ALL ORDER BY ALL",
            "expert_load", "small");
    List<List<Object>> placed = new ArrayList<>();
    for (JsonNode layer : json.at("/layers")) {
      for (int expert = 0; expert < layer.at("/tokens").size(); expert++) {
        placed.add(
            List.of(layer.at("/layer").asInt(), expert, layer.at("/tokens").get(expert).asLong()));
      }
    }
    assertThat(placed).isNotEmpty().isEqualTo(sums);
    assertThat(json.at("/max_over_mean/after").asDouble())
        .isLessThan(json.at("/max_over_mean/before").asDouble());
  }
}
