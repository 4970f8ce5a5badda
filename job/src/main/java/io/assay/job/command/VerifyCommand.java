package io.assay.job.command;

import io.assay.engine.EngineOptions;
import io.assay.engine.verify.Verification;
import io.assay.engine.verify.VerificationReport;
import io.assay.job.Assay;
import io.assay.job.ExitCode;
import io.assay.job.Failure;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code assay verify}. */
@Command(
    name = "verify",
    mixinStandardHelpOptions = true,
    description = {
      "Recomputes every expected value of golden cases and prints the largest differences.",
      "Exits 0 only if everything is within tolerance, 1 if something is not."
    })
public final class VerifyCommand implements Callable<Integer> {
  @ParentCommand private Assay assay;

  @Parameters(
      arity = "1..*",
      paramLabel = "GOLDEN_DIR",
      description = "Folders that hold checkpoint/ and expected/.")
  private List<Path> folders;

  @Override
  public Integer call() {
    EngineOptions options = assay.common().engineOptions();
    boolean passed = true;
    Failure failure = null;
    for (Path folder : folders) {
      try {
        VerificationReport report = Verification.run(folder, options);
        List<String> lines = report.lines();
        // Quiet keeps the verdict.
        lines = assay.common().quiet() ? lines.subList(lines.size() - 1, lines.size()) : lines;
        lines.forEach(System.out::println);
        passed &= report.passed();
      } catch (RuntimeException e) {
        if (folders.size() == 1) {
          throw e;
        }
        // The other folders are still worth checking.
        failure = Failure.of(e);
        failure.print(assay.common().console(), null);
      }
    }
    if (failure != null) {
      return failure.exitCode();
    }
    return passed ? ExitCode.GOOD : ExitCode.GATE_FAILED;
  }
}
