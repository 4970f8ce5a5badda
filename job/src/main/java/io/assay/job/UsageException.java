package io.assay.job;

import java.io.Serial;

/** A command line or run file that asks for something impossible; exit code 2. */
public final class UsageException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1L;

  private final String code;

  private UsageException(String code, String message) {
    super(message);
    this.code = code;
  }

  /** A wrong option or argument. */
  public static UsageException commandLine(String message) {
    return new UsageException("USAGE", message);
  }

  /**
   * A wrong entry of a run file.
   *
   * @param path dotted path of the key, such as {@code tasks.limit}
   * @param message what was found and what is expected
   */
  public static UsageException config(String path, String message) {
    return new UsageException("RUN_CONFIG", path + ": " + message);
  }

  /** What went wrong, as a name that can be counted. */
  public String code() {
    return code;
  }
}
