package io.assay.job.command;

import io.assay.engine.inspect.ModelInspection;
import io.assay.job.Assay;
import io.assay.job.ExitCode;
import io.assay.job.console.InspectionText;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
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

  @Override
  public Integer call() {
    // Nothing is computed here, but a wrong option is wrong everywhere.
    assay.common().engineOptions();
    ModelInspection inspection = ModelInspection.of(model);
    InspectionText.lines(inspection, model.toString()).forEach(System.out::println);
    inspection.audit().ifPresent(audit -> audit.require(model.toString()));
    return ExitCode.GOOD;
  }
}
