package io.assay.job.launch;

import java.util.Map;
import java.util.Optional;

/**
 * What the process was started in. {@code bin/assay} tests the streams and the width and hands the
 * answers over as system properties; Java itself only knows of standard input and output together.
 */
public final class Terminal {
  /** System property: {@code true} if the caller's standard output is a terminal. */
  static final String STDOUT = "assay.stdout.terminal";

  /** System property: columns of the terminal, 0 if there is none or it does not say. */
  static final String COLUMNS = "assay.columns";

  private Terminal() {}

  /** Whether data goes to a person's screen. */
  public static boolean isStdout() {
    return System.getProperty(STDOUT) == null ? isConsole() : Boolean.getBoolean(STDOUT);
  }

  /** Whether messages go to a person's screen. */
  public static boolean isStderr() {
    return System.getProperty(StandardError.TERMINAL) == null
        ? isConsole()
        : StandardError.isTerminal();
  }

  /** Columns of the terminal, 0 if unknown. */
  public static int columns() {
    return Math.max(0, Integer.getInteger(COLUMNS, 0));
  }

  /**
   * Whether a terminal is to be sent colours: not if {@code NO_COLOR} is set to anything
   * (no-color.org), nor if it calls itself dumb.
   *
   * @param environment variables of the process
   */
  public static boolean wantsColour(Map<String, String> environment) {
    return environment.getOrDefault("NO_COLOR", "").isEmpty()
        && !environment.getOrDefault("TERM", "").equals("dumb");
  }

  private static boolean isConsole() {
    return Optional.ofNullable(System.console()).map(java.io.Console::isTerminal).orElse(false);
  }
}
