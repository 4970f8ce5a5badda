package io.assay.job.command;

import io.assay.job.Assay;
import io.assay.job.ExitCode;
import io.assay.job.run.LocalModel;
import io.assay.job.run.Run;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParentCommand;

/** {@code assay run}. */
@Command(
    name = "run",
    mixinStandardHelpOptions = true,
    description = "Evaluates a model on Spark as a run file says, and writes the result tables.")
public final class RunCommand implements Callable<Integer> {
  @ParentCommand private Assay assay;
  @Mixin private RunFileOptions runFile;

  @Override
  public Integer call() {
    try (LocalModel model = LocalModel.whole(runFile.read(assay.common()))) {
      boolean passed =
          new Run(model.config(), assay.common().threads(), assay.common().console()).execute();
      int exit = passed ? ExitCode.GOOD : ExitCode.GATE_FAILED;
      assay.common().console().event("finished", Map.of("exit_code", exit));
      return exit;
    }
  }
}
