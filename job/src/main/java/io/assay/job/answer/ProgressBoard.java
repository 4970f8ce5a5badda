package io.assay.job.answer;

import io.assay.job.console.ProgressDisplay;
import java.util.concurrent.atomic.AtomicLong;

/** How far the tasks of this JVM have come, for the display of local mode; never for results. */
public final class ProgressBoard {
  private static final AtomicLong REQUESTS = new AtomicLong();
  private static final AtomicLong TOKENS = new AtomicLong();

  private ProgressBoard() {}

  /** Nothing is done. */
  public static void reset() {
    REQUESTS.set(0);
    TOKENS.set(0);
  }

  /** What is done. */
  public static ProgressDisplay.State state() {
    return new ProgressDisplay.State(REQUESTS.get(), TOKENS.get());
  }

  /**
   * One chunk of requests. A chunk that is split and asked again reports from the start once more,
   * so only what goes beyond the highest report counts.
   */
  static final class Chunk {
    private final long requests;
    private final long tokens;
    private long countedRequests;
    private long countedTokens;

    Chunk(long requests, long tokens) {
      this.requests = requests;
      this.tokens = tokens;
    }

    /** Requests and tokens done so far within the current call. */
    void report(long requestsDone, long tokensDone) {
      long newRequests = Math.clamp(requestsDone, countedRequests, requests);
      long newTokens = Math.clamp(tokensDone, countedTokens, tokens);
      REQUESTS.addAndGet(newRequests - countedRequests);
      TOKENS.addAndGet(newTokens - countedTokens);
      countedRequests = newRequests;
      countedTokens = newTokens;
    }

    void finish() {
      report(requests, tokens);
    }
  }
}
