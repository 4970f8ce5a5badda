package io.assay.job;

import java.io.Serial;

/** A run that started and could not be completed as asked; exit code 4. */
public final class RunFailedException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1L;

  public RunFailedException(String message) {
    super(message);
  }

  public RunFailedException(String message, Throwable cause) {
    super(message, cause);
  }
}
