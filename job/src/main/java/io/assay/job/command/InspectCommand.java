package io.assay.job.command;

import io.assay.engine.EngineOptions;
import io.assay.engine.inspect.ModelInspection;
import io.assay.job.Assay;
import io.assay.job.ExitCode;
import io.assay.job.UsageException;
import io.assay.job.console.InspectionText;
import io.assay.job.console.Layout;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code assay inspect}. */
@Command(
    name = "inspect",
    mixinStandardHelpOptions = true,
    description = {
      "What a model is and what it takes: architecture, parameters, types, memory, cache.",
      "A folder with config.json alone is enough. Exits 3 if its weights cannot be used."
    })
public final class InspectCommand implements Callable<Integer> {
  @ParentCommand private Assay assay;

  @Parameters(paramLabel = "DIR", description = "Model folder, or a config.json.")
  private Path model;

  @Option(
      names = "--cache-gib",
      paramLabel = "GIB",
      defaultValue = "80",
      description = "Memory for which the largest batch is shown (default: ${DEFAULT-VALUE}).")
  private int cacheGib;

  @Override
  public Integer call() {
    // Nothing is computed here, but a wrong option is wrong everywhere.
    EngineOptions options = assay.common().engineOptions();
    if (cacheGib < 1) {
      throw UsageException.commandLine("--cache-gib is " + cacheGib + "; give at least 1");
    }
    ModelInspection inspection = ModelInspection.of(model, assay.common().localOverlay());
    InspectionText.lines(inspection, model.toString(), options.weights(), cacheGib, Layout.stdout())
        .forEach(System.out::println);
    inspection.audit().ifPresent(audit -> audit.require(model.toString()));
    return ExitCode.GOOD;
  }
}
