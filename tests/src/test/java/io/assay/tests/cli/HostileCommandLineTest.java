package io.assay.tests.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.assay.job.Assay;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What people get wrong, through the command line: exit code, one line on stderr that begins with
 * {@code assay: CODE: }, no stack trace. Nothing here gets as far as Spark.
 */
@ResourceLock(Resources.SYSTEM_OUT)
@ResourceLock(Resources.SYSTEM_ERR)
@Timeout(value = 10, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class HostileCommandLineTest {
  private static final Path ROOT =
      Path.of(System.getProperty("assay.root", "..")).toAbsolutePath().normalize();
  private static final Path GOLDEN = ROOT.resolve("tests/golden/v3-basic");
  private static final int USAGE = 2;
  private static final int UNREADABLE = 3;

  private static final String TASK =
      """
      task: t
      dataset_path: json
      dataset_kwargs: {data_files: {test: d.jsonl}}
      test_split: test
      doc_to_text: "{{q}}"
      doc_to_target: "{{a}}"
      output_type: loglikelihood
      metric_list: [{metric: acc}]
      """;

  @TempDir Path folder;
  private Path model;
  private Path task;
  private String runFile;

  @BeforeEach
  void aRunThatWouldWork() throws IOException {
    model = Files.createDirectory(folder.resolve("model"));
    try (Stream<Path> files = Files.list(GOLDEN.resolve("checkpoint"))) {
      for (Path file : files.toList()) {
        Files.copy(file, model.resolve(file.getFileName()));
      }
    }
    task = Files.writeString(folder.resolve("t.yaml"), TASK);
    Files.writeString(folder.resolve("d.jsonl"), "{\"q\": \"1+1=\", \"a\": \"2\"}\n");
    runFile =
        """
        run: {id: x, results: %1$s/results}
        model: {path: %1$s/model}
        tasks: {paths: [%1$s/t.yaml]}
        """
            .formatted(folder);
  }

  private record Result(int exit, String out, String err) {}

  private static Result execute(String... args) {
    PrintStream out = System.out;
    PrintStream err = System.err;
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    try {
      System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
      System.setErr(new PrintStream(said, true, StandardCharsets.UTF_8));
      int exit = Assay.execute(args);
      return new Result(
          exit, printed.toString(StandardCharsets.UTF_8), said.toString(StandardCharsets.UTF_8));
    } finally {
      System.setOut(out);
      System.setErr(err);
    }
  }

  private static void refused(int exit, String code, String part, String... args) {
    Result result = execute(args);
    assertThat(result.exit()).as(result.err()).isEqualTo(exit);
    assertThat(result.err())
        .startsWith("assay: " + code + ": ")
        .contains(part)
        .doesNotContain("Exception", "\tat ")
        .endsWith(System.lineSeparator());
    assertThat(result.err().strip().chars().filter(Character::isISOControl)).isEmpty();
    assertThat(result.err().length()).isLessThan(2000);
  }

  private void runRefused(String code, String part, String content) throws IOException {
    Path file = Files.writeString(folder.resolve("run.yaml"), content);
    runRefused(USAGE, code, part, file.toString());
  }

  /** A plan is refused as its run is, in the same words. */
  private static void runRefused(int exit, String code, String part, String... args) {
    List<String> line = new ArrayList<>(List.of(args));
    line.addFirst("run");
    refused(exit, code, part, line.toArray(String[]::new));
    Result run = execute(line.toArray(String[]::new));
    line.set(0, "plan");
    assertThat(execute(line.toArray(String[]::new))).isEqualTo(run);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "foo: 1                              | foo: unknown key",
        "tasks.limt: 2                       | tasks.limt: unknown key",
        "tasks.limit: many                   | tasks.limit: expected a whole number, found the text 'many'",
        "tasks.limit: -1                     | tasks.limit: found -1",
        "tasks.limit: 99999999999999999999   | tasks.limit: expected a whole number",
        "tasks.paths: 7                      | tasks.paths: expected a list",
        "tasks.paths: [nowhere]              | tasks.paths.0: no such task file or folder: nowhere",
        "model: []                           | model: expected a mapping, found a list of 0",
        "model.path: nowhere                 | model.path: no such model folder: nowhere",
        "model.precision: fp16               | model.precision: no precision is called fp16; use",
        "model.backend: opencl               | model.backend: no backend is called opencl; use",
        "model.device: gpu                   | model.device: expected a whole number, found",
        "corpora: {name: a}                  | corpora: expected a list, found a mapping",
        "corpora: [{name: a, path: no.jsonl}]| corpora.0.path: no such file: no.jsonl",
        "generation.max_new_tokens: 0        | generation.max_new_tokens: found 0",
        "spark.master: nonsense              | spark.master: found 'nonsense'",
        "spark.conf: {foo: 1}                | spark.conf.foo: Spark's settings start with",
        "failures.max_fraction: .nan         | failures.max_fraction: found NaN",
        "run.id: ../x                        | run.id: '../x' names a folder",
        "run.id: a b                         | run.id: 'a b' names a folder",
      })
  void aWrongEntryIsNamedByItsPath(String entry, String part) throws IOException {
    int colon = entry.indexOf(": ");
    Path file = Files.writeString(folder.resolve("run.yaml"), runFile);
    runRefused(
        USAGE,
        "RUN_CONFIG",
        part,
        file.toString(),
        "--set",
        entry.substring(0, colon) + "=" + entry.substring(colon + 2).strip());
  }

  @Test
  void aRunIdCannotSteerTheTerminal() throws IOException {
    Path file = Files.writeString(folder.resolve("run.yaml"), runFile);
    runRefused(
        USAGE, "RUN_CONFIG", "'a b\\u001b[2J'", file.toString(), "--run-id", "a\nb\u001b[2J");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "- a\n",
        "hello",
        "run:\n\tid: x\n",
        "run: {id: x, id: y}\n",
        "run: !!java.net.URL [\"http://localhost\"]\n",
        "run: {id: x}\n---\nrun: {id: y}\n",
        "a: &a [x, x]\nb: &b [*a, *a]\nc: [*b"
      })
  void aFileThatIsNoRunFile(String content) throws IOException {
    runRefused("RUN_CONFIG", "run.yaml", content);
  }

  @Test
  void aliasesDoNotExplode() throws IOException {
    StringBuilder bomb = new StringBuilder("a0: &a0 [x]\n");
    for (int i = 1; i <= 12; i++) {
      bomb.append("a%d: &a%d [".formatted(i, i));
      bomb.append(("*a" + (i - 1) + ",").repeat(9)).append("]\n");
    }
    runRefused("RUN_CONFIG", "aliases", bomb.toString());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "foo: 1                             | TASK_INVALID     | the key 'foo' is unknown",
        "process_docs: !function utils.f    | TASK_NEEDS_CODE  | process_docs",
        "include: t.yaml                    | TASK_INVALID     | the includes go round in a circle",
        "include: none.yaml                 | FILE_NOT_FOUND   | none.yaml",
        "include: \"a\\0.yaml\"             | USAGE            | no file can have this name",
        "task: u                            | TASK_INVALID     | the key 'task' stands twice",
        "description: '{{'                  | TEMPLATE_INVALID | description",
      })
  void aTaskFileNamesFileLineAndKey(String line, String code, String part) throws IOException {
    Files.writeString(task, TASK + line + "\n");
    runRefused(code, part, runFile);
  }

  @Test
  void aConfigOfAnotherModel() throws IOException {
    Path config = model.resolve("config.json");
    String content = Files.readString(config);
    Path file = Files.writeString(folder.resolve("run.yaml"), runFile);
    Files.writeString(config, content.replace("\"hidden_size\": ", "\"hidden_size\": 1"));
    runRefused(UNREADABLE, "TENSOR_SHAPE", "config.json asks for", file.toString());
    Files.writeString(config, content.replace("deepseek_v3", "gpt2"));
    runRefused(UNREADABLE, "MODEL_UNSUPPORTED", "gpt2", file.toString());
    Files.delete(config);
    runRefused(UNREADABLE, "MODEL_NOT_FOUND", "config.json", file.toString());
  }

  @Test
  void aCorpusWithoutFilesIsFoundBeforeSparkStarts() throws IOException {
    String corpus = "corpora: [{name: c, path: \"%s/*.txt\"}]\n".formatted(folder);
    runRefused("FILE_NOT_FOUND", "*.txt", runFile + corpus);
  }

  @Test
  void aTaskFileThatIsNotUtf8IsConfigurationToo() throws IOException {
    Files.write(task, new byte[] {'t', ':', ' ', (byte) 0xFF});
    runRefused("TASK_INVALID", "t.yaml", runFile);
  }

  static List<List<String>> wrongCommandLines() {
    String checkpoint = GOLDEN.resolve("checkpoint").toString();
    List<List<String>> lines = new ArrayList<>();
    lines.add(List.of());
    lines.add(List.of("plan"));
    lines.add(List.of("plan", "x", "y"));
    lines.add(List.of("inspect"));
    lines.add(List.of("inspect", checkpoint, "--frobnicate"));
    lines.add(List.of("inspect", checkpoint, "--threads", "0"));
    lines.add(List.of("inspect", checkpoint, "--cache-gib", "0"));
    lines.add(List.of("verify"));
    lines.add(List.of("verify", GOLDEN.toString(), "--threads", "1000000"));
    lines.add(List.of("score", "--model", checkpoint));
    lines.add(List.of("score", "--model", checkpoint, "--input", "/dev/null", "--output", "/no/x"));
    lines.add(List.of("generate", "--model", checkpoint));
    lines.add(List.of("generate", "--model", checkpoint, "--prompt", "a", "--temperature", "NaN"));
    lines.add(List.of("generate", "--model", checkpoint, "--prompt", "a", "--stop", ""));
    return lines;
  }

  @ParameterizedTest
  @MethodSource("wrongCommandLines")
  void wrongUsage(List<String> line) {
    refused(USAGE, "USAGE", "", line.toArray(String[]::new));
  }

  @ParameterizedTest
  @CsvSource({
    "0, CHECKPOINT_CORRUPT",
    "4, CHECKPOINT_CORRUPT",
    "1000, CHECKPOINT_CORRUPT",
    "1000000, CHECKPOINT_CORRUPT"
  })
  void aCheckpointCutShort(long length, String code) throws IOException {
    try (RandomAccessFile file = weights()) {
      file.setLength(length);
    }
    Path file = Files.writeString(folder.resolve("run.yaml"), runFile);
    runRefused(UNREADABLE, code, "model.safetensors", file.toString());
    refused(UNREADABLE, code, "model.safetensors", "inspect", model.toString());
    refused(
        UNREADABLE,
        code,
        "model.safetensors",
        "score",
        "--model",
        model.toString(),
        "--input",
        "/dev/null");
  }

  @Test
  void aHeaderLengthOfTwoToThe62() throws IOException {
    try (RandomAccessFile file = weights()) {
      file.write(ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(1L << 62).array());
    }
    refused(
        UNREADABLE,
        "CHECKPOINT_CORRUPT",
        "model.safetensors",
        "generate",
        "--model",
        model.toString(),
        "--prompt",
        "a");
  }

  @Test
  void aWeightThatIsNoNumber() throws IOException {
    try (RandomAccessFile file = weights()) {
      file.seek(file.length() - 2);
      file.write(new byte[] {(byte) 0xC0, 0x7F});
    }
    Path file = Files.writeString(folder.resolve("run.yaml"), runFile);
    refused(UNREADABLE, "TENSOR_NOT_FINITE", "model.safetensors", "run", file.toString());
  }

  @Test
  void aTokenizerThatIsNone() throws IOException {
    Path tokenizer = model.resolve("tokenizer.json");
    for (String content : List.of("", "[]", "{}", "{\"model\": {\"type\": \"BPE\"}}")) {
      Files.writeString(tokenizer, content);
      Path file = Files.writeString(folder.resolve("run.yaml"), runFile);
      runRefused(UNREADABLE, "TOKENIZER_INVALID", "tokenizer.json", file.toString());
      refused(
          UNREADABLE,
          "TOKENIZER_INVALID",
          "tokenizer.json",
          "generate",
          "--model",
          model.toString(),
          "--prompt",
          "a");
    }
    try (RandomAccessFile sparse = new RandomAccessFile(tokenizer.toFile(), "rw")) {
      sparse.setLength(500_000_000);
    }
    refused(
        UNREADABLE,
        "TOKENIZER_INVALID",
        "500,000,000",
        "generate",
        "--model",
        model.toString(),
        "--prompt",
        "a");
  }

  @Test
  void aBrokenFolderAmongGoodOnesDecidesTheExitCode() {
    Result result = execute("verify", "--quiet", GOLDEN.toString() + "/", folder.toString());

    assertThat(result.exit()).isEqualTo(UNREADABLE);
    assertThat(result.out()).contains("v3-basic");
    assertThat(result.err()).startsWith("assay: GOLDEN_INVALID: ").hasLineCount(1);
  }

  @Test
  void everyLineGetsItsAnswerOrItsError() throws IOException {
    Map<String, String> lines = new TreeMap<>();
    lines.put("a", "\"text\": \"good\"");
    lines.put("b", "\"text\": \"\"");
    lines.put("c", "\"text\": \"nul \\u0000\"");
    lines.put("d", "\"text\": \"half \\ud83e\"");
    lines.put("e", "\"tokens\": [0, 5, 9], \"from\": 0");
    lines.put("f", "\"tokens\": [0, 5, 528]");
    lines.put("g", "\"tokens\": [0, 5, 1e99999]");
    lines.put("h", "\"context\": \"a\", \"continuation\": \"\"");
    lines.put("i", "\"tokens\": [" + "7,".repeat(100_000) + "7], \"from\": 99990");
    lines.put("j", "\"context\": \"" + "a b ".repeat(20_000) + "\", \"continuation\": \" c\"");
    lines.put("k", "\"text\": \"a\", \"text\": \"b\"");
    Path input = folder.resolve("lines.jsonl");
    List<String> written = new ArrayList<>();
    lines.forEach((id, rest) -> written.add("{\"id\": \"" + id + "\", " + rest + "}"));
    written.add("{");
    Files.write(input, written);
    Path output = folder.resolve("out.jsonl");

    Result result =
        execute(
            "score",
            "--model",
            model.toString(),
            "--input",
            input.toString(),
            "--output",
            output.toString());

    assertThat(result.exit()).as(result.err()).isZero();
    List<JsonNode> answers = new ArrayList<>();
    for (String line : Files.readAllLines(output)) {
      answers.add(new ObjectMapper().readTree(line));
    }
    assertThat(answers)
        .extracting(
            answer -> answer.get("id").asText(),
            answer ->
                answer.get("error").isNull()
                    ? "truncated " + answer.get("truncated")
                    : answer.get("error").asText().replaceAll(":.*", ""))
        .extracting(pair -> pair.toList().toString())
        .containsExactly(
            "[a, truncated false]",
            "[b, NOTHING_TO_SCORE]",
            "[c, truncated false]",
            "[d, NOT_UNICODE]",
            "[e, FIELD_INVALID]",
            "[f, TOKEN_OUT_OF_RANGE]",
            "[g, FIELD_INVALID]",
            "[h, FIELD_INVALID]",
            "[i, truncated true]",
            "[j, truncated true]",
            "[11, JSON_INVALID]",
            "[12, JSON_INVALID]");
  }

  private RandomAccessFile weights() throws IOException {
    return new RandomAccessFile(model.resolve("model.safetensors").toFile(), "rw");
  }
}
