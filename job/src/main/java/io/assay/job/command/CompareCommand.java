package io.assay.job.command;

import com.fasterxml.jackson.core.JsonGenerator;
import io.assay.eval.comparison.Verdict;
import io.assay.job.Assay;
import io.assay.job.ExitCode;
import io.assay.job.UsageException;
import io.assay.job.compare.ComparisonReport;
import io.assay.job.compare.ComparisonText;
import io.assay.job.compare.DocumentRow;
import io.assay.job.compare.ModelComparison;
import io.assay.job.console.Layout;
import io.assay.job.console.PrettyJson;
import io.assay.job.gate.FinishedComparison;
import io.assay.job.gate.GateReport;
import io.assay.job.gate.GateText;
import io.assay.job.lines.JsonLines;
import io.assay.job.lines.LineFiles;
import io.assay.job.table.RunCatalog;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code assay compare}: two runs by their tables, or two checkpoints on given lines. */
@Command(
    name = "compare",
    mixinStandardHelpOptions = true,
    description = {
      "RUN_A RUN_B: two finished runs on their common documents, without Spark: paired differences"
          + " B - A with confidence intervals and p-values. Exit code 1 if B breaks a rule of its"
          + " gates, or, where it has none, if a metric is significantly worse.",
      "--model A --model B --input F: two checkpoints on identical tokens, without Spark:"
          + " perplexity, which experts both choose (router saturation), and how the load moved,"
          + " with intervals. --overlay is the second model's: a model is compared with itself and"
          + " an overlay by naming it twice."
    })
public final class CompareCommand implements Callable<Integer> {
  @ParentCommand private Assay assay;

  @Parameters(
      arity = "0..2",
      paramLabel = "RUN",
      description = "Runs: first the baseline A, then B, which is judged.")
  private List<String> runs = new ArrayList<>();

  @Option(
      names = "--results",
      paramLabel = "DIR",
      description = "The runs' run.results (default: results).")
  private String results;

  @Option(
      names = "--alpha",
      paramLabel = "P",
      description = "Significance level of runs (default: gates.alpha of B).")
  private Double alpha;

  @Option(
      names = "--all-metrics",
      description = "Compares all metrics of the runs and allows none to get worse.")
  private boolean allMetrics;

  @Option(
      names = "--model",
      paramLabel = "DIR",
      description = "Model folder; given twice, first A, then B.")
  private List<Path> models = new ArrayList<>();

  @Option(
      names = "--input",
      paramLabel = "F.jsonl",
      description = "JSON lines as score takes them; - reads stdin. domain groups them.")
  private String input;

  @Option(
      names = "--output",
      paramLabel = "F.jsonl",
      description =
          "A line for each document: log-probability by both models, saturation by layer; appears"
              + " when complete.")
  private String output;

  @Option(names = "--json", description = "Prints one JSON object instead of the tables.")
  private boolean json;

  @Override
  public Integer call() throws Exception {
    boolean ofModels = !models.isEmpty() || input != null || output != null;
    boolean ofRuns = !runs.isEmpty() || results != null || alpha != null || allMetrics;
    if (ofModels == ofRuns) {
      throw UsageException.commandLine(
          "give either two runs (RUN_A RUN_B, with --results, --alpha, --all-metrics), or two"
              + " checkpoints (--model, twice, --input, --output); found "
              + (ofModels ? "both" : "neither"));
    }
    return ofRuns ? compareRuns() : compareModels();
  }

  private int compareRuns() {
    if (runs.size() != 2) {
      throw UsageException.commandLine(
          "found " + runs.size() + " runs; give two, first the baseline");
    }
    if (alpha != null && !(alpha > 0 && alpha < 1)) {
      throw UsageException.commandLine("--alpha is " + alpha + "; give a number between 0 and 1");
    }
    RunCatalog catalog = new RunCatalog(new Configuration(), results == null ? "results" : results);
    GateReport report =
        FinishedComparison.of(catalog, runs.getFirst(), runs.getLast(), allMetrics, alpha);
    if (json) {
      System.out.println(PrettyJson.of(report));
    } else {
      GateText.lines(report.runId(), report.gates(), Layout.stdout()).forEach(System.out::println);
    }
    return report.verdict() == Verdict.FAILED ? ExitCode.GATE_FAILED : ExitCode.GOOD;
  }

  private int compareModels() throws IOException {
    if (models.size() != 2) {
      throw UsageException.commandLine(
          "--model is given " + models.size() + " times; give two checkpoints to compare");
    }
    if (input == null) {
      throw UsageException.commandLine("--input is missing; give the lines to compare on");
    }
    if ("-".equals(output)) {
      throw UsageException.commandLine(
          "--output is -, but the report goes to stdout; name a file for the documents");
    }
    ModelComparison comparison =
        new ModelComparison(
            models.getFirst(),
            models.getLast(),
            assay.common().engineOptions(),
            assay.common().localOverlay());
    byte[] lines;
    try (InputStream in = LineFiles.open(input)) {
      lines = in.readAllBytes();
    }
    List<DocumentRow> rows = new ArrayList<>();
    ComparisonReport report = comparison.run(lines, rows::add, assay.common().console());
    if (output != null) {
      LineFiles.write(
          output,
          out -> {
            try (JsonGenerator written = JsonLines.generator(out)) {
              for (DocumentRow row : rows) {
                row.write(written);
              }
            }
          });
    }
    if (json) {
      System.out.println(PrettyJson.of(report));
    } else {
      ComparisonText.lines(report, Layout.stdout()).forEach(System.out::println);
    }
    return ExitCode.GOOD;
  }
}
