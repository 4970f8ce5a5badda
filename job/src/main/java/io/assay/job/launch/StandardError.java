package io.assay.job.launch;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/**
 * Gives {@link System#err} back its terminal.
 *
 * <p>The JVM announces the incubating Vector API on every start and has no switch against it, so
 * {@code bin/assay} puts a filter on file descriptor 2 and hands the real standard error over as
 * another descriptor, named by the system property {@value #DESCRIPTOR}. Without that property
 * (spark-submit, a plain {@code java}) nothing changes.
 */
public final class StandardError {
  /** System property: number of the file descriptor that is the caller's standard error. */
  public static final String DESCRIPTOR = "assay.stderr.fd";

  /** System property: {@code true} if the caller's standard error is a terminal. */
  public static final String TERMINAL = "assay.stderr.terminal";

  private StandardError() {}

  /**
   * Points {@link System#err} at the descriptor that the start script names. To be called before
   * anything is logged or printed.
   */
  public static void restore() {
    Integer number = Integer.getInteger(DESCRIPTOR);
    if (number == null) {
      return;
    }
    try {
      // Opening /dev/fd/N instead would restart a redirected file at its beginning.
      var constructor = FileDescriptor.class.getDeclaredConstructor(int.class);
      constructor.setAccessible(true);
      var stream = new FileOutputStream(constructor.newInstance(number));
      System.setErr(new PrintStream(stream, true, StandardCharsets.UTF_8));
    } catch (ReflectiveOperationException | RuntimeException e) {
      // Descriptor 2 still works: the filter passes everything on, only without a terminal.
      System.err.println("assay: cannot use descriptor " + number + " as standard error: " + e);
    }
  }

  /** Whether standard error is known to be a terminal, so that a line on it can be redrawn. */
  public static boolean isTerminal() {
    return Boolean.getBoolean(TERMINAL);
  }
}
