package io.assay.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.assay.datasets.DataErrorCode;
import io.assay.datasets.DataException;
import io.assay.engine.EngineException;
import io.assay.engine.ErrorCode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.apache.spark.SparkException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Exit codes and the one line on stderr, as INTERFACE.md promises them. */
class ExitCodeTest {
  private record Result(int code, String out, String err) {}

  @Test
  void wrongUsageIsOneLineAndTwo() {
    for (String[] args :
        new String[][] {
          {},
          {"frobnicate"},
          {"run"},
          {"score", "--model", "x"},
          {"generate", "--model", "x"},
          {"generate", "--model", "x", "--prompt", "a", "--input", "b"},
          {"run", "x.yaml", "--threads", "many"},
          {"score", "--model", "x", "--input", "-", "--threads", "0"},
          {"generate", "--model", "x", "--prompt", "a", "--threads", "1000000"},
          {"inspect", "x", "--threads", "-1"},
          {"doctor", "--threads", "0"}
        }) {
      Result result = execute(args);

      assertThat(result.code()).as(String.join(" ", args)).isEqualTo(2);
      assertThat(result.err().strip().lines()).hasSize(1);
      assertThat(result.err()).startsWith("assay: USAGE: ");
    }
  }

  /** A command that goes on while its process is being ended. */
  static final class Ended {
    private Ended() {}

    public static void main(String[] args) {
      Runtime.getRuntime()
          .addShutdownHook(new Thread(() -> Assay.execute("run", "no-such-file.yaml")));
    }
  }

  @Test
  void whatGoesWrongBecauseTheProcessIsEndedIsNoDefect() throws IOException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Ended.class.getName())
            .redirectError(ProcessBuilder.Redirect.PIPE)
            .start();
    String said = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(said).contains("assay: STOPPED: the command was ended from outside");
    assertThat(said).doesNotContain("RUN_CONFIG");
  }

  @Test
  void aMissingRunFileIsTwo() {
    Result result = execute("run", "no-such-file.yaml");

    assertThat(result.code()).isEqualTo(2);
    assertThat(result.err()).startsWith("assay: RUN_CONFIG: no-such-file.yaml: no such run file");
  }

  @Test
  void aFolderThatIsNoModelIsThree(@TempDir Path empty) {
    for (String[] args :
        new String[][] {
          {"inspect", empty.toString()},
          {"generate", "--model", empty.toString(), "--prompt", "a"},
          {"verify", empty.toString()}
        }) {
      Result result = execute(args);

      assertThat(result.code()).as(args[0]).isEqualTo(3);
      assertThat(result.err().strip().lines()).hasSize(1);
    }
  }

  @Test
  void aMissingInputIsThree(@TempDir Path empty) {
    Result result = execute("score", "--model", empty.toString(), "--input", empty + "/none.jsonl");

    assertThat(result.code()).isEqualTo(3);
    assertThat(result.err()).startsWith("assay: INPUT_UNREADABLE: the input ");
  }

  @Test
  void helpNamesExactlyTheCommandsThatExist() {
    Result result = execute("--help");

    assertThat(result.code()).isZero();
    assertThat(result.out().lines().filter(line -> line.matches("  [a-z]+ +[A-Z].*")))
        .extracting(line -> line.strip().replaceAll(" .*", ""))
        .containsExactly(
            "run",
            "plan",
            "tasks",
            "score",
            "generate",
            "inspect",
            "verify",
            "place",
            "balance",
            "compare",
            "report",
            "doctor");
  }

  @Test
  void whatATaskThrewIsFoundInsideSparksException() {
    EngineException cause =
        new EngineException(ErrorCode.TENSOR_NOT_FINITE, "tensor x holds a NaN");
    Failure failure =
        Failure.of(new RuntimeException(new SparkException("Job aborted\n\tat somewhere", cause)));

    assertThat(failure).isEqualTo(new Failure(3, "TENSOR_NOT_FINITE", "tensor x holds a NaN"));
  }

  @Test
  void anUnknownExceptionLeaksNoTrace() {
    Failure failure =
        Failure.of(new SparkException("Task failed\n\tat a.b.C(C.java:1)\n\tat d.e.F", null));

    assertThat(failure.exitCode()).isEqualTo(4);
    assertThat(failure.line()).isEqualTo("assay: INTERNAL: SparkException: Task failed");
  }

  @Test
  void whatAMessageQuotesStaysOnItsLine() {
    Failure failure = Failure.of(UsageException.config("run.id", "'a\nb\u001b[2J' is no name"));

    assertThat(failure.line()).isEqualTo("assay: RUN_CONFIG: run.id: 'a b\\u001b[2J' is no name");
  }

  @Test
  void aFullDiskIsNoDefect() {
    Failure failure =
        Failure.of(new SparkException("Job aborted", new IOException("No space left on device")));

    assertThat(failure.exitCode()).isEqualTo(4);
    assertThat(failure.line())
        .startsWith("assay: RUN_FAILED: ")
        .endsWith("IOException: No space left on device");
  }

  @Test
  void aTaskFileIsConfigurationAndADocumentIsInput() {
    assertThat(Failure.of(new DataException(DataErrorCode.TASK_INVALID, "m")).exitCode())
        .isEqualTo(2);
    assertThat(Failure.of(new DataException(DataErrorCode.NOT_UTF8, "m")).exitCode()).isEqualTo(3);
    assertThat(Failure.of(new RunFailedException("m")).exitCode()).isEqualTo(4);
  }

  private static synchronized Result execute(String... args) {
    PrintStream err = System.err;
    PrintStream out = System.out;
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    ByteArrayOutputStream captured = new ByteArrayOutputStream();
    try {
      System.setErr(new PrintStream(captured, true, StandardCharsets.UTF_8));
      System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
      int code = Assay.execute(args);
      return new Result(
          code,
          printed.toString(StandardCharsets.UTF_8),
          captured.toString(StandardCharsets.UTF_8));
    } finally {
      System.setErr(err);
      System.setOut(out);
    }
  }
}
