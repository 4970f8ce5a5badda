package io.assay.job.command;

import io.assay.job.Assay;
import io.assay.job.config.Places;
import io.assay.job.config.RunConfig;
import io.assay.job.config.RunConfigReader;
import io.assay.job.run.Run;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code assay run}. */
@Command(
    name = "run",
    mixinStandardHelpOptions = true,
    description = "Evaluates a model on Spark as a run file says, and writes the result tables.")
public final class RunCommand implements Callable<Integer> {
  @ParentCommand private Assay assay;

  @Parameters(paramLabel = "RUN.yaml", description = "The run file.")
  private Path file;

  @Option(
      names = "--set",
      paramLabel = "key=value",
      description = "Changes an entry of the run file, such as tasks.limit=5; repeatable.")
  private List<String> overrides = new ArrayList<>();

  @Option(names = "--run-id", paramLabel = "ID", description = "Replaces run.id.")
  private String runId;

  @Override
  public Integer call() {
    List<String> all = new ArrayList<>(overrides);
    if (assay.common().backend() != null) {
      all.add("model.backend=" + assay.common().backend());
    }
    if (assay.common().precision() != null) {
      all.add("model.precision=" + assay.common().precision());
    }
    if (assay.common().weights() != null) {
      all.add("model.weights=" + assay.common().weights());
    }
    RunConfig config =
        new RunConfigReader(Places.ofProcess(), LocalDate.now(ZoneOffset.UTC))
            .read(file, all, runId);
    new Run(config, assay.common().threads(), assay.common().console()).execute();
    return 0;
  }
}
