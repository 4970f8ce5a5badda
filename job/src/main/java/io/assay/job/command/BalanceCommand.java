package io.assay.job.command;

import io.assay.engine.EngineOptions;
import io.assay.eval.routing.BiasCalibration;
import io.assay.job.Assay;
import io.assay.job.ExitCode;
import io.assay.job.UsageException;
import io.assay.job.balance.BalanceReport;
import io.assay.job.balance.BalanceText;
import io.assay.job.balance.Calibration;
import io.assay.job.console.Layout;
import io.assay.job.console.PrettyJson;
import io.assay.job.lines.LineFiles;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code assay balance}. */
@Command(
    name = "balance",
    mixinStandardHelpOptions = true,
    description = {
      "Correction biases that spread given traffic evenly over the experts, without Spark.",
      "After every pass over the traffic, in all layers at once, b += gamma * sign(mean load - load),"
          + " as in auxiliary-loss-free training; weights stay as they are, groups are kept. Part of"
          + " the lines is held out and judged by: load and perplexity, before and after."
    })
public final class BalanceCommand implements Callable<Integer> {
  @ParentCommand private Assay assay;

  @Option(names = "--model", required = true, paramLabel = "DIR", description = "Model folder.")
  private Path model;

  @Option(
      names = "--input",
      required = true,
      paramLabel = "F.jsonl",
      description = "Traffic: JSON lines as score takes them; - reads stdin.")
  private String input;

  @Option(
      names = "--output",
      paramLabel = "F.safetensors",
      description =
          "Overlay with the new biases, for --overlay and model.overlay; appears when complete.")
  private String output;

  @Option(
      names = "--gamma",
      paramLabel = "G",
      defaultValue = "0.001",
      description = "Bias update speed (default: ${DEFAULT-VALUE}).")
  private float gamma;

  @Option(
      names = "--target",
      paramLabel = "V",
      defaultValue = "0.05",
      description = "Ends when no layer's MaxVio is above it (default: ${DEFAULT-VALUE}).")
  private double target;

  @Option(
      names = "--max-iterations",
      paramLabel = "N",
      defaultValue = "300",
      description = "Most updates (default: ${DEFAULT-VALUE}).")
  private int maxIterations;

  @Option(
      names = "--patience",
      paramLabel = "N",
      defaultValue = "10",
      description =
          "Ends after so many updates without a smaller MaxVio, mean over layers (default:"
              + " ${DEFAULT-VALUE}).")
  private int patience;

  @Option(
      names = "--held-out",
      paramLabel = "FRACTION",
      defaultValue = "0.25",
      description =
          "Part of the lines to judge by, never calibrated on (default: ${DEFAULT-VALUE}).")
  private double heldOut;

  @Option(names = "--json", description = "Prints one JSON object instead of the tables.")
  private boolean json;

  @Override
  public Integer call() throws Exception {
    EngineOptions options = assay.common().engineOptions();
    require(gamma > 0 && gamma <= 1, "--gamma", gamma, "a number above 0, at most 1");
    require(target >= 0, "--target", target, "0 or more");
    require(maxIterations >= 1, "--max-iterations", maxIterations, "at least 1");
    require(patience >= 1, "--patience", patience, "at least 1");
    require(heldOut > 0 && heldOut < 1, "--held-out", heldOut, "a fraction between 0 and 1");
    if ("-".equals(output)) {
      throw UsageException.commandLine(
          "--output is -, but the report goes to stdout; name a file for the overlay");
    }
    var settings = new BiasCalibration.Settings(gamma, target, maxIterations, patience);
    try (InputStream in = LineFiles.open(input)) {
      BalanceReport report =
          new Calibration(settings, heldOut, output)
              .run(model, options, in, assay.common().console());
      if (json) {
        System.out.println(PrettyJson.of(report));
      } else {
        BalanceText.lines(report, Layout.stdout()).forEach(System.out::println);
      }
    }
    return ExitCode.GOOD;
  }

  private static void require(boolean good, String option, Object value, String expected) {
    if (!good) {
      throw UsageException.commandLine(option + " is " + value + "; give " + expected);
    }
  }
}
