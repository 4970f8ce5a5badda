package io.assay.tests.benchmark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "scale",
    mixinStandardHelpOptions = true,
    description = {
      "Whole runs of very many requests, from documents to tables, with an engine that makes up its"
          + " answers: how long each stage takes, and how much of its heap the driver uses.",
      "Documents and results need about 2 kB of disk a request."
    })
final class ScaleCommand implements Callable<Integer> {
  @Mixin private Report report;

  @Option(
      names = "--requests",
      split = ",",
      defaultValue = "100000,1000000,10000000",
      description = "how many, rounded down to eights (default: ${DEFAULT-VALUE})")
  private List<Long> requests;

  @Option(
      names = "--driver-heap",
      defaultValue = "1GB",
      converter = StreamedCommand.Bytes.class,
      description = "most bytes of the driver's heap (default: ${DEFAULT-VALUE})")
  private long driverHeap;

  @Option(
      names = "--executor-heap-mib",
      defaultValue = "3072",
      description = "heap of the executor (default: ${DEFAULT-VALUE})")
  private int executorHeap;

  @Option(names = "--cores", defaultValue = "2", description = "of the executor (default: 2)")
  private int cores;

  @Option(
      names = "--nights",
      defaultValue = "2",
      description = "runs about the same documents (default: 2)")
  private int nights;

  @Override
  public Integer call() throws IOException {
    Files.createDirectories(Report.work());
    Path folder = Files.createTempDirectory(Report.work(), "scale");
    try {
      ScaleSuite.Setting setting = new ScaleSuite.Setting(driverHeap, executorHeap, cores, nights);
      report.publish(
          new ScaleSuite(setting, folder).measure(requests, Provenance.now(), report.progress()));
    } finally {
      Models.delete(folder);
    }
    return 0;
  }
}
