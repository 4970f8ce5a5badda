package io.assay.tests.benchmark;

import io.assay.engine.Precision;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "cluster",
    mixinStandardHelpOptions = true,
    description = {
      "What Spark around the engine costs: a run, from its file to its tables, beside the engine"
          + " alone on the same texts; and two executors of one core beside one."
    })
final class ClusterCommand implements Callable<Integer> {
  @Mixin private Report report;

  @Option(
      names = "--minutes",
      defaultValue = "10",
      description = "the engine alone takes, about (default: ${DEFAULT-VALUE})")
  private double minutes;

  @Option(names = "--rounds", defaultValue = "1", description = "default: ${DEFAULT-VALUE}")
  private int rounds;

  @Option(
      names = "--precision",
      defaultValue = "bf16",
      description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE})")
  private Precision precision;

  @Option(
      names = "--only",
      split = ",",
      description = "some of overhead, executors",
      paramLabel = "NAME")
  private List<String> only = List.of("overhead", "executors");

  @Option(
      names = "--heap",
      defaultValue = "4GB",
      converter = StreamedCommand.Bytes.class,
      description = "of driver and engine (default: ${DEFAULT-VALUE})")
  private long heap;

  @Override
  public Integer call() throws IOException {
    Files.createDirectories(Report.work());
    Path folder = Files.createTempDirectory(Report.work(), "cluster");
    try {
      Path model = Models.write(Models.half(), folder.resolve("model"));
      ClusterSuite suite =
          new ClusterSuite(
              new ClusterSuite.Setting(minutes * 60, rounds, precision, heap),
              model,
              folder,
              report.progress());
      Provenance provenance = Provenance.now();
      List<Line> lines = new ArrayList<>();
      if (only.contains("overhead")) {
        lines.addAll(suite.overhead(provenance));
      }
      if (only.contains("executors")) {
        lines.addAll(suite.executors(provenance));
      }
      report.publish(lines);
    } finally {
      Models.delete(folder);
    }
    return 0;
  }
}
