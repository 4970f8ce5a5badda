package io.assay.job.lines;

import com.fasterxml.jackson.databind.JsonNode;
import io.assay.eval.request.EvalRequest;
import io.assay.eval.request.RejectedRequest;
import java.util.List;

/**
 * A line and what is asked of the engine for it.
 *
 * @param id the line's id
 * @param requests several for the windows of a long text, none when there is an error
 * @param error what the {@code error} field says, null if nothing is wrong so far
 */
record Asked(JsonNode id, List<EvalRequest> requests, String error) {

  static Asked failed(JsonNode id, String code, String message) {
    return new Asked(id, List.of(), code + ": " + message);
  }

  /** Requests, or the first rejection when there are none. */
  static Asked of(JsonNode id, List<EvalRequest> requests, List<RejectedRequest> rejections) {
    if (!rejections.isEmpty()) {
      return failed(id, rejections.getFirst().code(), rejections.getFirst().message());
    }
    if (requests.isEmpty()) {
      return failed(id, "NOTHING_TO_SCORE", "the text is empty");
    }
    return new Asked(id, requests, null);
  }

  boolean truncated() {
    return requests.stream().anyMatch(request -> request.truncatedTokens() > 0);
  }
}
