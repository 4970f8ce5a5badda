package io.assay.datasets.text;

import java.io.Serial;

/** A pattern needed more steps on one text than it is granted. */
public final class RegexLimitException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1L;

  RegexLimitException(String message) {
    super(message);
  }
}
