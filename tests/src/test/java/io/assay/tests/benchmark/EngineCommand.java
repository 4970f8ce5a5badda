package io.assay.tests.benchmark;

import io.assay.engine.Precision;
import io.assay.tests.generated.CheckpointSpec.Storage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "engine",
    mixinStandardHelpOptions = true,
    description =
        "Scoring, decoding, multiple choice and loading of a generated 0.5 B-parameter model.")
final class EngineCommand implements Callable<Integer> {
  @Mixin private Report report;

  @Option(
      names = "--precision",
      split = ",",
      defaultValue = "fp32",
      description = "${COMPLETION-CANDIDATES}; others are compared with the first")
  private List<Precision> precisions;

  @Option(
      names = "--threads",
      split = ",",
      defaultValue = "1,2",
      description = "worker threads; others are compared with the first (default: 1,2)")
  private List<Integer> threads;

  @Option(
      names = "--only",
      split = ",",
      description = "some of score, decode, choices, load",
      paramLabel = "NAME")
  private List<String> only = EngineSuite.BENCHMARKS;

  @Option(names = "--warmups", defaultValue = "1", description = "default: 1")
  private int warmups;

  @Option(names = "--rounds", defaultValue = "5", description = "default: 5")
  private int rounds;

  @Override
  public Integer call() throws IOException {
    Progress progress = report.progress();
    Path folder = Report.work().resolve("engine-" + ProcessHandle.current().pid());
    List<Line> lines = new ArrayList<>();
    try {
      progress.say("generating models in " + folder);
      Map<String, Path> models = new LinkedHashMap<>();
      models.put("bf16", Models.write(Models.half(), folder.resolve("bf16")));
      models.put("fp8", Models.write(Models.half().stored(Storage.FP8), folder.resolve("fp8")));
      try (EngineSuite suite =
          new EngineSuite(models, Workload.Size.STANDARD, precisions, threads)) {
        Provenance provenance = Provenance.now();
        for (String name : only) {
          lines.addAll(suite.comparison(name).measure(warmups, rounds, provenance, progress));
        }
      }
    } finally {
      Models.delete(folder);
    }
    report.publish(lines);
    return 0;
  }
}
