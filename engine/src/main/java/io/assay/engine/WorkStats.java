package io.assay.engine;

/**
 * What a call cost.
 *
 * @param tokensSubmitted tokens its requests would have fed one by one
 * @param tokensComputed rows actually computed, shared prefixes once
 * @param seconds wall time
 * @param weightBytes weights read in the course of it, from the disk or the page cache; 0 where
 *     they are resident
 */
public record WorkStats(
    long tokensSubmitted, long tokensComputed, double seconds, long weightBytes) {
  public WorkStats(long tokensSubmitted, long tokensComputed, double seconds) {
    this(tokensSubmitted, tokensComputed, seconds, 0);
  }

  public WorkStats plus(WorkStats other) {
    return new WorkStats(
        tokensSubmitted + other.tokensSubmitted,
        tokensComputed + other.tokensComputed,
        seconds + other.seconds,
        weightBytes + other.weightBytes);
  }
}
