package io.assay.job.run;

import io.assay.engine.score.ScoreRequest;
import io.assay.eval.request.EvalRequest;
import io.assay.eval.request.RequestKind;
import java.io.Serializable;

/**
 * A request and its place in the plan, which orders the tables.
 *
 * @param ordinal from 0
 */
record NumberedRequest(long ordinal, EvalRequest request) implements Serializable {
  /** A generated token costs a pass of its own; a prompt's tokens share theirs. */
  private static final int GENERATED_TOKEN_COST = 4;

  boolean generates() {
    return request.kind() == RequestKind.GENERATE;
  }

  /** What the engine is asked, for log-likelihoods. */
  ScoreRequest toScore() {
    return new ScoreRequest(request.requestId(), request.tokens(), request.from());
  }

  /** Tokens fed if it were asked alone; for generation at most. */
  long tokens() {
    return generates()
        ? request.tokens().length + (long) request.maxNewTokens() - 1
        : request.tokens().length - 1L;
  }

  /** What partitions are balanced by. */
  long cost() {
    return generates()
        ? request.tokens().length + (long) GENERATED_TOKEN_COST * request.maxNewTokens()
        : request.tokens().length;
  }
}
