package io.assay.eval.metric;

import io.assay.eval.request.RejectionCode;
import java.io.Serial;

/** Why a document cannot be scored. */
final class Unscorable extends RuntimeException {
  @Serial private static final long serialVersionUID = 1L;

  private final RejectionCode code;

  Unscorable(RejectionCode code, String message) {
    super(message);
    this.code = code;
  }

  RejectionCode code() {
    return code;
  }
}
