package io.assay.job;

import java.io.Serial;

/** An input file of a command that cannot be read, or an output that cannot be written. */
public final class InputException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1L;

  public InputException(String message) {
    super(message);
  }

  public InputException(String message, Throwable cause) {
    super(message, cause);
  }
}
