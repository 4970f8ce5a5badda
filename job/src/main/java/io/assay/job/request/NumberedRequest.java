package io.assay.job.request;

import io.assay.engine.score.ScoreRequest;
import io.assay.eval.request.EvalRequest;
import io.assay.eval.request.RequestKind;
import java.io.Serializable;

/**
 * A request and its place in the plan, which orders the tables.
 *
 * @param ordinal from 0
 * @param routedBefore {@link #planned} tokens of all requests before it
 */
public record NumberedRequest(long ordinal, long routedBefore, EvalRequest request)
    implements Serializable {
  /** A generated token costs a pass of its own; a prompt's tokens share theirs. */
  private static final int GENERATED_TOKEN_COST = 4;

  /** Tokens fed whose number is known before the run: generated ones are not among them. */
  public int planned() {
    return generates() ? request.tokens().length : request.tokens().length - 1;
  }

  public boolean generates() {
    return request.kind() == RequestKind.GENERATE;
  }

  /**
   * What the engine is asked, for log-likelihoods.
   *
   * @param routing whether expert ids and router scores are wanted as well
   * @param modules whether the MTP modules score corpora too
   */
  public ScoreRequest toScore(boolean routing, boolean modules) {
    return new ScoreRequest(
        request.requestId(),
        request.tokens(),
        request.from(),
        routing,
        routing,
        modules && request.kind() == RequestKind.ROLLING);
  }

  /** Tokens fed if it were asked alone; for generation at most. */
  public long tokens() {
    return generates()
        ? request.tokens().length + (long) request.maxNewTokens() - 1
        : request.tokens().length - 1L;
  }

  /** What partitions are balanced by. */
  public long cost() {
    return generates()
        ? request.tokens().length + (long) GENERATED_TOKEN_COST * request.maxNewTokens()
        : request.tokens().length;
  }
}
