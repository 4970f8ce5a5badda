package io.assay.tests.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.assay.engine.backend.tornado.sdk.JvmArguments;
import io.assay.engine.backend.tornado.sdk.TornadoSdk;
import io.assay.tests.launcher.Launch;
import io.assay.tests.table.Parquet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The backend tornado in Spark's executors, on whatever device TornadoVM sees, against the CPU
 * backend: the same texts and the same experts, log-probabilities within what {@code verify}
 * allows.
 */
class TornadoExecutorsTest {
  /** Largest difference of a token's log-probability. */
  private static final double TOKEN = 1e-4;

  /** A processor has a second copy of them beside the process's. */
  private static final long DEVICE_BYTES = 1L << 30;

  private static final int DOCUMENTS = 2;
  private static final int QUESTIONS = 3;

  @TempDir Path folder;
  private LocalCluster cluster;
  private Path runFile;

  /**
   * A few documents and questions of the quickstart: the executor's device may be the processor.
   */
  @BeforeEach
  void smallQuickstart() throws IOException {
    cluster = new LocalCluster(folder);
    runFile = SmallQuickstart.write(folder, DOCUMENTS, QUESTIONS);
  }

  @Test
  void answersAreThoseOfTheCpu() throws Exception {
    Assumptions.assumeTrue(
        TornadoSdk.isNamed(),
        "TornadoVM in Spark's executors did not run: TORNADOVM_HOME is not set and there is no "
            + TornadoSdk.CONVENTIONAL);
    Path arguments = folder.resolve("tornado.args");
    Files.writeString(
        arguments, JvmArguments.file(JvmArguments.of(TornadoSdk.find(), DEVICE_BYTES)));

    succeeds(cluster.runLocally(runFile, "--backend", "cpu", "--run-id", "cpu"));
    Launch run =
        cluster
            .gpus(1)
            .executorOptions("@" + arguments)
            .run(runFile, "--backend", "tornado", "--run-id", "tornado");
    succeeds(run);

    assertThat(rows("SELECT DISTINCT backend FROM %s", "runs", "tornado"))
        .containsExactly(List.of("tornado"));
    assertThat(
            rows(
                "SELECT DISTINCT executor, device LIKE 'tornado %%' FROM %s",
                "throughput", "tornado"))
        // Another executor did the work if the first was lost: the driver says why.
        .as(run.err())
        .containsExactly(List.of("0", true));
    String samples =
        // The ids of requests name the backend.
        "SELECT num_tokens, is_greedy, text, task, doc_id, sum_logprob FROM %s"
            + " ORDER BY task, doc_id, choice, \"window\"";
    List<List<Object>> expected = rows(samples, "samples", "cpu");
    List<List<Object>> found = rows(samples, "samples", "tornado");
    assertThat(found).hasSameSizeAs(expected).hasSizeGreaterThan(3 * DOCUMENTS);
    for (int i = 0; i < found.size(); i++) {
      List<Object> want = expected.get(i);
      assertThat(found.get(i).subList(0, 5)).isEqualTo(want.subList(0, 5));
      if (want.get(5) instanceof Double sum) {
        int tokens = (Integer) want.get(0);
        assertThat((Double) found.get(i).get(5))
            .as("%s", want)
            .isCloseTo(sum, within(TOKEN * tokens));
      }
    }
    String loads =
        "SELECT layer, expert, domain, phase, tokens FROM %s ORDER BY domain, phase, layer, expert";
    assertThat(rows(loads, "expert_load", "tornado"))
        .isNotEmpty()
        .isEqualTo(rows(loads, "expert_load", "cpu"));
  }

  @Test
  void withoutGpusTheTwoSettingsAreNamed() throws Exception {
    Launch launch = cluster.run(runFile, "--backend", "tornado");

    assertThat(launch.exit()).as(launch.err()).isEqualTo(2);
    assertThat(launch.err().lines().filter(line -> line.startsWith("assay: ")))
        .singleElement()
        .asString()
        .startsWith("assay: BACKEND_UNAVAILABLE: the backend tornado was asked for")
        .contains("spark.executor.resource.gpu.amount and spark.task.resource.gpu.amount");
  }

  private static void succeeds(Launch launch) {
    assertThat(launch.exit()).as(launch.err()).isZero();
  }

  private List<List<Object>> rows(String query, String table, String runId) throws SQLException {
    return Parquet.query(query.formatted(Parquet.table(cluster.results(), table, runId)));
  }
}
