package io.assay.job.answer;

import io.assay.engine.ErrorCode;

/**
 * What became of one request: an answer, or why there is none.
 *
 * @param result the answer, null on failure
 * @param code what went wrong, null on success
 * @param message one sentence, null on success
 */
public record Outcome<R>(R result, ErrorCode code, String message) {

  static <R> Outcome<R> of(R result) {
    return new Outcome<>(result, null, null);
  }

  static <R> Outcome<R> failed(ErrorCode code, String message) {
    return new Outcome<>(null, code, message);
  }

  public boolean succeeded() {
    return code == null;
  }
}
