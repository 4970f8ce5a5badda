package io.assay.job;

import io.assay.datasets.DataErrorCode;
import io.assay.datasets.DataException;
import io.assay.engine.EngineException;
import io.assay.engine.ErrorCode;
import io.assay.job.console.Console;
import io.assay.job.console.Printable;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;

/**
 * What the user is told about an exception.
 *
 * @param exitCode exit code of the process
 * @param code name of what went wrong
 * @param message one sentence, one line
 */
public record Failure(int exitCode, String code, String message) {

  private static final int MAX_MESSAGE = 1500;

  /** Whatever goes wrong while the process is ended from outside is a consequence of that. */
  static final Failure STOPPED =
      new Failure(
          ExitCode.RUN_FAILED,
          "STOPPED",
          "the command was ended from outside; a run that is started again under its id goes on"
              + " where it was");

  /**
   * Finds the failure the user can act on. Spark wraps what a task threw several times over, so the
   * innermost exception of ours wins over whatever is around it.
   */
  public static Failure of(Throwable thrown) {
    Set<Throwable> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    Failure found = null;
    Throwable innermost = thrown;
    for (Throwable t = thrown; t != null && seen.add(t); t = t.getCause()) {
      innermost = t;
      Failure known = known(t);
      if (known != null) {
        found = known;
      }
    }
    if (found != null) {
      return found;
    }
    if (innermost instanceof OutOfMemoryError) {
      return new Failure(
          ExitCode.RUN_FAILED,
          "OUT_OF_MEMORY",
          "the Java heap of "
              + Runtime.getRuntime().maxMemory() / (1 << 20)
              + " MiB is full; give the process more memory (ASSAY_JAVA_OPTS=-Xmx..,"
              + " or spark.driver.memory and spark.executor.memory on a cluster)");
    }
    if (innermost instanceof IOException) {
      return new Failure(
          ExitCode.RUN_FAILED,
          "RUN_FAILED",
          "a file could not be read or written: " + describe(innermost));
    }
    return new Failure(ExitCode.RUN_FAILED, "INTERNAL", describe(innermost));
  }

  /** Whether the user can be told what to do about an exception, wherever in Spark it came up. */
  public static boolean isKnown(Throwable thrown) {
    Set<Throwable> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    for (Throwable t = thrown; t != null && seen.add(t); t = t.getCause()) {
      if (known(t) != null) {
        return true;
      }
    }
    return false;
  }

  /** The line on stderr. */
  public String line() {
    return "assay: " + code + ": " + message;
  }

  /**
   * Tells the user.
   *
   * @param detail lines for those who look for the cause, or null
   */
  public void print(Console console, String detail) {
    console.failure(code, message, exitCode, detail);
  }

  private static Failure known(Throwable t) {
    return switch (t) {
      case EngineException e -> new Failure(exitCode(e.code()), e.code().name(), text(e));
      case DataException e -> new Failure(exitCode(e.code()), e.code().name(), text(e));
      case UsageException e -> new Failure(ExitCode.USAGE, e.code(), text(e));
      case InputException e -> new Failure(ExitCode.UNREADABLE, "INPUT_UNREADABLE", text(e));
      case InvalidPathException e ->
          new Failure(ExitCode.USAGE, "USAGE", "no file can have this name: " + text(e));
      case RunFailedException e -> new Failure(ExitCode.RUN_FAILED, "RUN_FAILED", text(e));
      default -> null;
    };
  }

  private static int exitCode(ErrorCode code) {
    return switch (code) {
      case MODEL_NOT_FOUND,
          CONFIG_INVALID,
          MODEL_UNSUPPORTED,
          CHECKPOINT_CORRUPT,
          TENSOR_MISSING,
          TENSOR_SHAPE,
          TENSOR_NOT_FINITE,
          TOKENIZER_INVALID,
          REQUEST_INVALID,
          GOLDEN_INVALID ->
          ExitCode.UNREADABLE;
      case BACKEND_UNAVAILABLE -> ExitCode.USAGE;
      case OUT_OF_MEMORY -> ExitCode.RUN_FAILED;
    };
  }

  private static int exitCode(DataErrorCode code) {
    return switch (code) {
      // A task file is configuration: a wrong key in it is the author's to correct.
      case FILE_NOT_FOUND, TASK_INVALID, TASK_NEEDS_CODE, TEMPLATE_INVALID -> ExitCode.USAGE;
      case DOCUMENT_INVALID, NOT_UTF8 -> ExitCode.UNREADABLE;
    };
  }

  private static String text(Throwable t) {
    return t.getMessage() == null ? t.getClass().getSimpleName() : oneLine(t.getMessage());
  }

  private static String describe(Throwable t) {
    String name = t.getClass().getSimpleName();
    return t.getMessage() == null ? name : name + ": " + firstLine(t.getMessage());
  }

  /** Our own messages are one sentence; what they quote may hold line breaks. */
  private static String oneLine(String message) {
    String line = Printable.line(message.split("\\R\\s*at ", 2)[0]);
    return line.length() <= MAX_MESSAGE ? line : line.substring(0, MAX_MESSAGE) + "...";
  }

  /** Messages of Spark and Hadoop carry whole stack traces; the first line says what happened. */
  private static String firstLine(String message) {
    return oneLine(message.strip().lines().findFirst().orElse(""));
  }
}
