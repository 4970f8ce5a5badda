package io.assay.eval.request;

import java.io.Serial;

/** Carries a rejection from where it is found to where its document is known. */
final class Rejection extends RuntimeException {
  @Serial private static final long serialVersionUID = 1L;

  private final RejectionCode code;

  Rejection(RejectionCode code, String message) {
    super(message);
    this.code = code;
  }

  RejectionCode code() {
    return code;
  }
}
