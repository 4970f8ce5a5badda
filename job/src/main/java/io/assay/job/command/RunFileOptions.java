package io.assay.job.command;

import io.assay.job.CommonOptions;
import io.assay.job.config.Places;
import io.assay.job.config.RunConfig;
import io.assay.job.config.RunConfigReader;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The run file and what changes it from outside. */
final class RunFileOptions {
  @Parameters(paramLabel = "RUN.yaml", description = "The run file.")
  private Path file;

  @Option(
      names = "--set",
      paramLabel = "key=value",
      description = "Changes an entry of the run file, such as tasks.limit=5; repeatable.")
  private List<String> overrides = new ArrayList<>();

  @Option(names = "--run-id", paramLabel = "ID", description = "Replaces run.id.")
  private String runId;

  /** The run as it is asked for. */
  RunConfig read(CommonOptions common) {
    List<String> all = new ArrayList<>(overrides);
    if (common.backend() != null) {
      all.add("model.backend=" + common.backend());
    }
    if (common.device() != null) {
      all.add("model.device=" + common.device());
    }
    if (common.precision() != null) {
      all.add("model.precision=" + common.precision());
    }
    if (common.weights() != null) {
      all.add("model.weights=" + common.weights());
    }
    if (common.overlay() != null) {
      all.add("model.overlay=" + common.overlay());
    }
    RunConfig config =
        new RunConfigReader(Places.ofProcess(), LocalDate.now(ZoneOffset.UTC))
            .read(file, all, runId);
    common.console().run(config.id());
    return config;
  }
}
