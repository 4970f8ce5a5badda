package io.assay.job.command;

import io.assay.engine.Engine;
import io.assay.engine.EngineOptions;
import io.assay.job.Assay;
import io.assay.job.lines.LineFiles;
import io.assay.job.lines.ScoreLines;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code assay score}. */
@Command(
    name = "score",
    mixinStandardHelpOptions = true,
    description = {
      "Log-likelihoods of JSON lines, without Spark.",
      "A line is {\"id\", \"context\", \"continuation\"}, {\"id\", \"text\"} for a whole text, or"
          + " {\"id\", \"tokens\": [..], \"from\": 1} for token ids scored from that index on.",
      "Answers come in the order of the lines; what is wrong with a line is in its error field. A"
          + " line without id gets its number."
    })
public final class ScoreCommand implements Callable<Integer> {
  @ParentCommand private Assay assay;

  @Option(names = "--model", required = true, paramLabel = "DIR", description = "Model folder.")
  private Path model;

  @Option(
      names = "--input",
      required = true,
      paramLabel = "F.jsonl",
      description = "JSON lines in UTF-8; - reads stdin.")
  private String input;

  @Option(
      names = "--output",
      paramLabel = "F",
      description = "File that appears when it is complete (default: stdout).")
  private String output;

  @Option(names = "--routing", description = "Adds the expert ids of every token.")
  private boolean routing;

  @Override
  public Integer call() throws Exception {
    EngineOptions options = assay.common().engineOptions();
    try (InputStream in = LineFiles.open(input);
        Engine engine = Engine.open(model, options)) {
      ScoreLines lines = new ScoreLines(engine, routing);
      LineFiles.write(output, out -> assay.common().console().line(lines.run(in, out).summary()));
    }
    return 0;
  }
}
