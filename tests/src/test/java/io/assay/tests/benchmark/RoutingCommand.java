package io.assay.tests.benchmark;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "routing",
    mixinStandardHelpOptions = true,
    description = {
      "What it costs to record where tokens go, on the quickstart's model, and to sum the records of"
          + " synthetic routed tokens in Spark SQL.",
      "The heap is the process': ASSAY_JAVA_OPTS=-Xmx2g bin/bench routing"
    })
final class RoutingCommand implements Callable<Integer> {
  /**
   * Tokens of a slice of some size: what a process does once, such as compiling, is little of it.
   */
  private static final int RECORDED = 32_768;

  /** Rounds until the code of both variants is compiled. */
  private static final int WARM_UP = 6;

  /** The same for the larger model. */
  private static final int RECORDED_LARGE = 1024;

  @Mixin private Report report;

  @Option(
      names = "--tokens",
      split = ",",
      defaultValue = "1000000,10000000,100000000",
      description = "routed tokens to sum (default: ${DEFAULT-VALUE})")
  private List<Long> tokens;

  @Option(names = "--threads", defaultValue = "2", description = "default: 2")
  private int threads;

  @Option(names = "--only", split = ",", description = "some of record, sum", paramLabel = "NAME")
  private List<String> only = List.of("record", "sum");

  @Option(names = "--rounds", defaultValue = "31", description = "of record (default: 31)")
  private int rounds;

  @Override
  public Integer call() throws IOException {
    Progress progress = report.progress();
    Provenance provenance = Provenance.now();
    List<Line> lines = new ArrayList<>();
    if (only.contains("record")) {
      Path quickstart =
          Path.of(System.getProperty("assay.root", "..")).resolve("datasets/quickstart");
      Path corpora = quickstart.resolve("corpora");
      try (RecordingSuite suite =
          new RecordingSuite(
              "quickstart", quickstart.resolve("model"), corpora, RECORDED, threads)) {
        lines.addAll(suite.comparison().measure(WARM_UP, rounds, provenance, progress));
      }
      Path generated = Report.work().resolve("routing-" + ProcessHandle.current().pid());
      try (RecordingSuite suite =
          new RecordingSuite(
              "0.5 B",
              Models.write(Models.half(), generated.resolve("model")),
              corpora,
              RECORDED_LARGE,
              threads)) {
        lines.addAll(suite.comparison().measure(1, rounds / 3 + 1, provenance, progress));
      } finally {
        Models.delete(generated);
      }
    }
    if (only.contains("sum")) {
      try (RoutedTokenSuite suite = new RoutedTokenSuite(threads)) {
        lines.addAll(suite.comparison(tokens).measure(0, 1, provenance, progress));
      }
    }
    report.publish(lines);
    return 0;
  }
}
