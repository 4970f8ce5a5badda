package io.assay.job.command;

import io.assay.job.ExitCode;
import io.assay.job.lines.LineFiles;
import io.assay.job.report.RunPage;
import io.assay.job.table.RunCatalog;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code assay report}. */
@Command(
    name = "report",
    mixinStandardHelpOptions = true,
    description = {
      "The HTML page of a run from its tables, without Spark: one file that needs no network and"
          + " can be handed on.",
      "Prints where the page is."
    })
public final class ReportCommand implements Callable<Integer> {
  @Parameters(paramLabel = "RUN", description = "Run that has ended.")
  private String run;

  @Option(
      names = "--results",
      paramLabel = "DIR",
      defaultValue = "results",
      description = "The run's run.results (default: ${DEFAULT-VALUE}).")
  private String results;

  @Option(
      names = "--output",
      paramLabel = "F.html",
      description = "The page, - for stdout (default: DIR/reports/RUN.html).")
  private String output;

  @Override
  public Integer call() {
    RunCatalog catalog = new RunCatalog(new Configuration(), results);
    if (output == null) {
      System.out.println(RunPage.write(catalog, run));
      return ExitCode.GOOD;
    }
    byte[] page = RunPage.of(catalog, run).getBytes(StandardCharsets.UTF_8);
    LineFiles.write(output, out -> out.write(page));
    if (!output.equals("-")) {
      System.out.println(output);
    }
    return ExitCode.GOOD;
  }
}
