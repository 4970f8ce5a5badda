package io.assay.eval.request;

import java.io.Serializable;

/**
 * A document that cannot be asked or cannot be judged; the job goes on without it. A row of {@code
 * failures}, without the run.
 *
 * @param source task, or {@code corpus:<name>}
 * @param item document id
 * @param code name of a {@link RejectionCode}, or of the engine's error code
 * @param message one sentence
 */
public record RejectedRequest(String source, String item, String code, String message)
    implements Serializable {

  /** A rejection for a reason of this module. */
  public RejectedRequest(String source, String item, RejectionCode code, String message) {
    this(source, item, code.name(), message);
  }
}
