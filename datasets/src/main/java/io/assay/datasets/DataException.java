package io.assay.datasets;

import java.io.Serial;

/** A failure in data the user gave; one sentence: what was asked, what was found, what to do. */
public final class DataException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1L;

  private final DataErrorCode code;

  public DataException(DataErrorCode code, String message) {
    super(message);
    this.code = code;
  }

  public DataException(DataErrorCode code, String message, Throwable cause) {
    super(message, cause);
    this.code = code;
  }

  public DataErrorCode code() {
    return code;
  }
}
