package io.assay.tests.benchmark;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Option;

/** What every command does with its lines. */
final class Report {
  @Option(
      names = "--record",
      description =
          "replace these benchmarks in docs/performance.jsonl and rewrite the measured part of"
              + " docs/performance.md")
  private boolean record;

  @Option(
      names = "--docs",
      hidden = true,
      description = "folder of both, for tests",
      paramLabel = "DIR")
  private Path docs = Path.of(System.getProperty("assay.root", ".."), "docs");

  @Option(names = "--quiet", description = "no progress on standard error")
  private boolean quiet;

  boolean quiet() {
    return quiet;
  }

  Progress progress() {
    return new Progress(quiet);
  }

  /** Where models are generated, and lines written that are not recorded. */
  static Path work() {
    return Path.of(System.getProperty("assay.root", ".."), "target", "bench").toAbsolutePath();
  }

  /** Prints the tables, keeps the lines. */
  void publish(List<Line> lines) throws IOException {
    System.out.print(Page.render(lines));
    Path file = work().resolve(lines.getFirst().suite() + ".jsonl");
    Page.write(lines, file);
    progress().say("JSON lines: " + file.normalize());
    if (record) {
      Page.record(lines, docs);
      progress().say("recorded in " + docs.normalize());
    }
  }
}
