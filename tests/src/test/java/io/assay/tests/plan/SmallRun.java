package io.assay.tests.plan;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.assay.job.Assay;
import io.assay.tests.table.Parquet;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * A run file with a multiple-choice task, a generation task and a corpus with one bad record, on a
 * golden model; and its commands, executed in this process.
 */
public final class SmallRun {
  public static final Path GOLDEN =
      Path.of(System.getProperty("assay.root", ".."))
          .toAbsolutePath()
          .normalize()
          .resolve("tests/golden/v3-basic/checkpoint");

  private static final String TASK =
      """
      task: %s
      dataset_path: json
      dataset_kwargs: {data_files: {test: %s.jsonl}}
      test_split: test
      """;

  /** What a command printed. */
  public record Result(int exit, String out, String err) {
    public JsonNode json() throws IOException {
      assertThat(exit).as(err).isZero();
      return new ObjectMapper().readTree(out);
    }
  }

  private final Path folder;
  private final Path file;

  /** Writes everything into the folder. */
  public SmallRun(Path folder) throws IOException {
    this.folder = folder;
    this.file = folder.resolve("run.yaml");
    Files.writeString(
        folder.resolve("choose.yaml"),
        TASK.formatted("choose", "choose")
            + """
              output_type: multiple_choice
              doc_to_text: "{{header}} Which one is {{q}}?"
              doc_to_choice: ["the first", "the second", "neither of the two"]
              doc_to_target: 0
              """);
    Files.writeString(
        folder.resolve("write.yaml"),
        TASK.formatted("write", "write")
            + """
              output_type: generate_until
              doc_to_text: "{{q}} <think>"
              doc_to_target: "{{q}}"
              generation_kwargs: {until: ["\\n\\n\\n"], max_gen_toks: 6}
              """);
    List<String> questions = new ArrayList<>();
    List<String> prompts = new ArrayList<>();
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      questions.add(
          "{\"header\": \"%s\", \"q\": \"number %d\"}".formatted("One rule. ".repeat(9), i));
      prompts.add("{\"q\": \"Again and again, a question, the number %d\"}".formatted(i / 2));
      texts.add("{\"text\": \"Text %d of a corpus. %s\"}".formatted(i, "More. ".repeat(i * 20)));
    }
    texts.set(3, "{\"txt\": \"no text\"}");
    Files.write(folder.resolve("choose.jsonl"), questions);
    Files.write(folder.resolve("write.jsonl"), prompts);
    Files.write(folder.resolve("texts.jsonl"), texts);
    Files.writeString(
        file,
        """
        run: {id: small, results: %1$s/results}
        model: {path: %2$s, max_length: 128}
        tasks: {paths: [%1$s/choose.yaml, %1$s/write.yaml]}
        corpora: [{name: texts, path: %1$s/texts.jsonl}]
        spark: {master: "local[2]"}
        store: {path: null}
        failures: {max_fraction: 0.1}
        """
            .formatted(folder, GOLDEN));
  }

  public Path results() {
    return folder.resolve("results");
  }

  /** Runs {@code assay COMMAND RUN.yaml ...} with two threads. */
  public Result execute(String command, String... more) {
    List<String> line = new ArrayList<>(List.of(command, file.toString(), "--threads", "2"));
    line.addAll(List.of(more));
    return assay(line.toArray(String[]::new));
  }

  /** Runs any command. */
  public static Result assay(String... line) {
    PrintStream out = System.out;
    PrintStream err = System.err;
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    try {
      System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
      System.setErr(new PrintStream(said, true, StandardCharsets.UTF_8));
      int exit = Assay.execute(line);
      return new Result(
          exit, printed.toString(StandardCharsets.UTF_8), said.toString(StandardCharsets.UTF_8));
    } finally {
      System.setOut(out);
      System.setErr(err);
    }
  }

  /** Rows of a query in which {@code %s} is the table, a list of columns each. */
  public List<List<Object>> query(String query, String table, String runId) throws SQLException {
    return Parquet.query(query.formatted(Parquet.table(results(), table, runId)));
  }
}
