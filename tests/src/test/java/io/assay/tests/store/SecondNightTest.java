package io.assay.tests.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.assay.tests.cluster.TableComparison;
import io.assay.tests.plan.SmallRun;
import io.assay.tests.plan.SmallRun.Result;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;

/** An unchanged model costs nothing the second night, and the tables are the same, bit for bit. */
@ResourceLock(Resources.SYSTEM_OUT)
@ResourceLock(Resources.SYSTEM_ERR)
class SecondNightTest {
  private static final String COMPUTED =
      "SELECT phase, sum(requests), sum(tokens_computed) FROM %s GROUP BY phase ORDER BY phase";

  private static final String TIMED = "statistics.mtp_timing=true";

  @TempDir private Path folder;

  @Test
  void nothingIsAskedTwice() throws IOException, SQLException {
    SmallRun run = new SmallRun(folder);
    TableComparison tables = new TableComparison(run.results());
    succeed(night(run, "first", "--set", TIMED));

    Result second = night(run, "second", "--set", TIMED, "--set", "spark.master=local[1]");

    succeed(second);
    assertThat(second.err()).contains("were answered by earlier runs");
    assertThat(run.query(COMPUTED, "throughput", "second"))
        .extracting(row -> ((Number) row.get(2)).longValue())
        .containsOnly(0L);
    tables.requireSame(
        "first",
        "second",
        "second night",
        List.of(
            "samples",
            "metrics",
            "perplexity",
            "document_values",
            "expert_load",
            "expert_balance",
            "expert_tokens",
            "mtp",
            "failures"));

    // What drafts saved the first night is what is known of it the second.
    assertThat(
            run.query(
                "SELECT domain, timed_texts, measured_speedup > 0 AND isfinite(measured_speedup)"
                    + " FROM %s",
                "mtp", "second"))
        .containsExactly(List.of("write", 8L, true));

    // More documents at the end: those that were there are found.
    succeed(night(run, "fewer", "--set", TIMED, "--set", "tasks.limit=12"));
    assertThat(run.query(COMPUTED, "throughput", "fewer"))
        .extracting(row -> ((Number) row.get(2)).longValue())
        .containsOnly(0L);

    // A longer document in the first source: those of the others are found all the same.
    Path questions = folder.resolve("choose.jsonl");
    Files.writeString(questions, Files.readString(questions).replace("number 5", "number 5 or 6"));
    succeed(night(run, "changed", "--set", TIMED));
    assertThat(
            run.query(
                "SELECT sum(requests)::BIGINT FROM %s WHERE executor <> 'store'",
                "throughput", "changed"))
        .containsExactly(
            run.query("SELECT count(*) FROM %s WHERE task = 'choose'", "samples", "changed")
                .getFirst());
  }

  @Test
  void damagedFilesAreSaidAndAskedAgain() throws IOException, SQLException {
    SmallRun run = new SmallRun(folder);
    succeed(night(run, "first"));
    for (Path file : stored()) {
      try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
        bytes.seek(bytes.length() / 2);
        int old = bytes.read();
        bytes.seek(bytes.length() / 2);
        bytes.write(~old);
      }
      Files.deleteIfExists(file.resolveSibling("." + file.getFileName() + ".crc"));
    }

    Result second = night(run, "second");

    succeed(second);
    assertThat(second.err()).contains("are damaged and not used");
    new TableComparison(run.results()).requireSame("first", "second", "damaged store");

    // What the second night asked again is whole.
    Result third = night(run, "third");
    succeed(third);
    assertThat(run.query(COMPUTED, "throughput", "third"))
        .extracting(row -> ((Number) row.get(2)).longValue())
        .containsOnly(0L);
  }

  private List<Path> stored() throws IOException {
    try (Stream<Path> files = Files.walk(folder.resolve("results/store"))) {
      return files.filter(file -> file.toString().endsWith(".parquet")).toList();
    }
  }

  private Result night(SmallRun run, String id, String... more) {
    List<String> line = new ArrayList<>(List.of("--run-id", id));
    line.addAll(List.of("--set", "store.path=" + folder + "/results/store"));
    line.addAll(List.of(more));
    return run.execute("run", line.toArray(String[]::new));
  }

  private static void succeed(Result result) {
    assertThat(result.exit()).as(result.err()).isZero();
  }
}
