package io.assay.job.console;

import io.assay.job.launch.StandardError;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Where people read: plans, progress, summaries. Data goes to stdout, never here.
 *
 * @param stream usually stderr
 * @param quiet say nothing
 * @param verbose say more than most people want to read
 */
public record Console(PrintStream stream, boolean quiet, boolean verbose) {

  /** One that says what most people want to read. */
  public Console(PrintStream stream, boolean quiet) {
    this(stream, quiet, /* verbose= */ false);
  }

  /** Prints a line. */
  public void line(String text) {
    if (!quiet) {
      stream.println(text);
    }
  }

  /** Prints a table with a heading. */
  public void table(String heading, TextTable table) {
    if (!quiet && !table.isEmpty()) {
      stream.println();
      stream.println(heading);
      table.lines().forEach(line -> stream.println("  " + line));
    }
  }

  /**
   * Whether a person watches: progress bars redraw their line only then. The launcher knows it of
   * stderr and says so; Java itself only knows it of stdin and stdout together.
   */
  public static boolean terminal() {
    if (System.getProperty(StandardError.TERMINAL) != null) {
      return StandardError.isTerminal();
    }
    return Optional.ofNullable(System.console()).map(java.io.Console::isTerminal).orElse(false);
  }

  /** A stream as a writer in UTF-8 that flushes with every line. */
  public static PrintWriter writer(PrintStream stream) {
    return new PrintWriter(stream, true, StandardCharsets.UTF_8);
  }
}
