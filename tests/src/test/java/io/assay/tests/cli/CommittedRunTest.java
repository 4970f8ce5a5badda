package io.assay.tests.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.assay.job.config.Places;
import io.assay.job.config.RunConfig;
import io.assay.job.config.RunConfigReader;
import io.assay.job.console.Console;
import io.assay.job.run.Run;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is committed stays, whatever happens afterwards. */
class CommittedRunTest {
  private static final Path MODEL =
      Path.of(System.getProperty("assay.root", ".."))
          .toAbsolutePath()
          .normalize()
          .resolve("tests/golden/v3-basic/checkpoint");

  @TempDir Path folder;

  /** Breaks where the summary begins, as Spark does when somebody presses Ctrl-C there. */
  private static final class BrokenSummary extends PrintStream {
    private BrokenSummary() {
      super(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8);
    }

    @Override
    public void println(String line) {
      if (line.equals("Perplexity by domain")) {
        throw new IllegalStateException("the summary breaks");
      }
      super.println(line);
    }
  }

  @Test
  void aSummaryThatBreaksLeavesTheTables() throws IOException {
    Files.writeString(folder.resolve("c.jsonl"), "{\"text\": \"a text\"}\n");
    Path file =
        Files.writeString(
            folder.resolve("run.yaml"),
            """
            run: {id: broken, results: %1$s/results}
            model: {path: %2$s}
            corpora: [{name: c, path: %1$s/c.jsonl}]
            spark: {master: "local[1]"}
            """
                .formatted(folder, MODEL));
    RunConfig config =
        new RunConfigReader(new Places(List.of(folder)), LocalDate.EPOCH)
            .read(file, List.of(), null);

    assertThatThrownBy(() -> new Run(config, 1, new Console(new BrokenSummary(), false)).execute())
        .hasMessage("the summary breaks");

    for (String table : List.of("runs", "samples", "metrics", "perplexity", "expert_load")) {
      try (Stream<Path> files = Files.list(folder.resolve("results/" + table + "/run_id=broken"))) {
        assertThat(files).as(table).anyMatch(part -> part.toString().endsWith(".parquet"));
      }
    }
    assertThat(folder.resolve("results/_staging")).doesNotExist();
  }
}
