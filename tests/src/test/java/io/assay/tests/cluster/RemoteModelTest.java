package io.assay.tests.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.assay.tests.launcher.Launch;
import io.assay.tests.launcher.Project;
import io.assay.tests.plan.SmallRun;
import io.assay.tests.table.Parquet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;

/**
 * A model on another storage gives the tables of the same model here: Hadoop's viewfs, which only
 * settings of the run file make known, and executors of their own.
 */
@ResourceLock(Resources.SYSTEM_OUT)
@ResourceLock(Resources.SYSTEM_ERR)
class RemoteModelTest {
  private static final Path QUICKSTART = Project.root().resolve("datasets/quickstart");

  /** Everything of a run that a model's place must not change. */
  private static final List<String> TABLES =
      List.of("samples", "metrics", "perplexity", "expert_load", "expert_tokens", "failures");

  @TempDir Path folder;
  private Path runFile;

  @BeforeEach
  void smallRun() throws IOException {
    List<String> texts = Files.readAllLines(QUICKSTART.resolve("corpora/stories.jsonl"));
    Files.write(folder.resolve("texts.jsonl"), texts.subList(0, 3));
    runFile =
        Files.writeString(
            folder.resolve("run.yaml"),
            """
            run: {id: run, results: %1$s/results}
            model: {path: %2$s/model, max_length: 256}
            tasks: {paths: [%2$s/tasks], names: [qs_addition, qs_compare], limit: 3}
            corpora: [{name: texts, path: %1$s/texts.jsonl, domain: domain, id: id}]
            generation: {max_new_tokens: 8}
            spark: {master: "local[2]"}
            store: {path: null}
            """
                .formatted(folder, QUICKSTART));
  }

  /** Settings under which the quickstart is {@code viewfs://shop/quickstart}. */
  private List<String> elsewhere(String... more) {
    List<String> settings =
        new ArrayList<>(
            List.of(
                "--set",
                "model.path=viewfs://shop/quickstart/model",
                "--set",
                "model.cache=" + folder.resolve("cache"),
                "--set",
                "spark.conf.spark.hadoop.fs.viewfs.mounttable.shop.link./quickstart="
                    + QUICKSTART.toUri()));
    settings.addAll(List.of(more));
    return settings;
  }

  private SmallRun.Result assay(String command, List<String> options) {
    List<String> line = new ArrayList<>(List.of(command, runFile.toString(), "--threads", "2"));
    line.addAll(options);
    return SmallRun.assay(line.toArray(String[]::new));
  }

  private void assertSameTables(String run, String other) throws SQLException {
    for (String table : TABLES) {
      List<List<Object>> rows = rows(table, run);
      assertThat(rows(table, other)).as(table).isEqualTo(rows);
    }
    assertThat(rows("samples", run)).isNotEmpty();
    String fingerprints = "SELECT DISTINCT model_fingerprint FROM %s";
    assertThat(Parquet.query(fingerprints.formatted(table("runs", run))))
        .isEqualTo(Parquet.query(fingerprints.formatted(table("runs", other))));
  }

  private List<List<Object>> rows(String table, String run) throws SQLException {
    return Parquet.query("SELECT * EXCLUDE (run_id) FROM " + table(table, run) + " ORDER BY ALL");
  }

  private String table(String table, String run) {
    return Parquet.table(folder.resolve("results"), table, run);
  }

  private long copies() throws IOException {
    if (!Files.exists(folder.resolve("cache"))) {
      return 0;
    }
    try (Stream<Path> all = Files.list(folder.resolve("cache"))) {
      return all.filter(Files::isDirectory).count();
    }
  }

  @Test
  void aModelOnAnotherStorageGivesTheSameTables() throws Exception {
    Faults.requireAsked();
    SmallRun.Result plan = assay("plan", elsewhere("--json"));
    assertThat(plan.json().at("/model/path").asText()).isEqualTo("viewfs://shop/quickstart/model");
    assertThat(plan.json().at("/model/weights_present").asBoolean()).isTrue();
    assertThat(plan.json().at("/model/weight_bytes"))
        .isEqualTo(assay("plan", List.of("--json")).json().at("/model/weight_bytes"));
    assertThat(plan.json().at("/notes").toString())
        .contains("run copies the model, ", "once to " + folder.resolve("cache"));
    assertThat(copies()).as("a plan copies no weights").isZero();

    SmallRun.Result here = assay("run", List.of("--run-id", "here"));
    assertThat(here.exit()).as(here.err()).isZero();
    SmallRun.Result there = assay("run", elsewhere("--run-id", "there"));
    assertThat(there.exit()).as(there.err()).isZero();
    assertSameTables("here", "there");
    assertThat(Parquet.query("SELECT model_path FROM " + table("runs", "there")))
        .containsExactly(List.of("viewfs://shop/quickstart/model"));
    assertThat(copies()).isEqualTo(1);

    SmallRun.Result nowhere =
        assay("run", elsewhere("--set", "model.path=viewfs://shop/quickstart/nothing"));
    assertThat(nowhere.exit()).isEqualTo(3);
    assertThat(nowhere.err())
        .contains("assay: INPUT_UNREADABLE: viewfs://shop/quickstart/nothing cannot be listed");
    SmallRun.Result small = assay("run", elsewhere("--set", "model.cache_limit=1k"));
    assertThat(small.exit()).isZero();
    SmallRun.Result full =
        assay(
            "run",
            elsewhere(
                "--run-id",
                "full",
                "--set",
                "model.cache_limit=1k",
                "--set",
                "model.cache=" + folder.resolve("other-cache")));
    assertThat(full.exit()).isEqualTo(3);
    assertThat(full.err()).contains("the limit of all copies is 1,024");
  }

  @Test
  void commandsWithoutARunFileSayWhatTheyTake() {
    for (String[] line :
        new String[][] {
          {"inspect", "s3a://bucket/model"},
          {"score", "--model", "s3a://bucket/model", "--input", "-"},
          {"generate", "--model", "s3a://bucket/model", "--prompt", "a"},
          {"inspect", QUICKSTART.resolve("model").toString(), "--overlay", "s3a://bucket/model"},
        }) {
      SmallRun.Result result = SmallRun.assay(line);
      assertThat(result.exit()).as(line[0]).isEqualTo(2);
      assertThat(result.err())
          .startsWith("assay: USAGE: ")
          .contains("s3a://bucket/model is not on this machine; copy it and name its path");
    }
  }

  @Test
  void executorsCopyTheModelAndAnswerTheSame() throws Exception {
    Faults.requireAsked();
    LocalCluster cluster = new LocalCluster(folder);
    Launch here = cluster.runLocally(runFile, "--run-id", "here");
    assertThat(here.exit()).as(here.err()).isZero();
    Launch there = cluster.run(runFile, elsewhere("--run-id", "there").toArray(String[]::new));
    assertThat(there.exit()).as(there.err()).isZero();
    assertSameTables("here", "there");
    // The driver's machine is the executor's: one copy for both processes.
    assertThat(copies()).isEqualTo(1);
  }
}
