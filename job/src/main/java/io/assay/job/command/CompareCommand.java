package io.assay.job.command;

import com.fasterxml.jackson.core.JsonGenerator;
import io.assay.job.Assay;
import io.assay.job.ExitCode;
import io.assay.job.UsageException;
import io.assay.job.compare.ComparisonReport;
import io.assay.job.compare.ComparisonText;
import io.assay.job.compare.DocumentRow;
import io.assay.job.compare.ModelComparison;
import io.assay.job.console.PrettyJson;
import io.assay.job.lines.JsonLines;
import io.assay.job.lines.LineFiles;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code assay compare}. */
@Command(
    name = "compare",
    mixinStandardHelpOptions = true,
    description = {
      "Two checkpoints on identical tokens, without Spark: perplexity, which experts both choose"
          + " (router saturation), and how the load moved, with intervals.",
      "--overlay is the second model's: a model is compared with itself and an overlay by naming it"
          + " twice."
    })
public final class CompareCommand implements Callable<Integer> {
  @ParentCommand private Assay assay;

  @Option(
      names = "--model",
      required = true,
      paramLabel = "DIR",
      description = "Model folder; given twice, first A, then B.")
  private List<Path> models;

  @Option(
      names = "--input",
      required = true,
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
    if (models.size() != 2) {
      throw UsageException.commandLine(
          "--model is given " + models.size() + " times; give two checkpoints to compare");
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
            assay.common().overlay());
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
      ComparisonText.lines(report).forEach(System.out::println);
    }
    return ExitCode.GOOD;
  }
}
