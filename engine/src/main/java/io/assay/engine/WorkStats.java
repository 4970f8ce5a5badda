package io.assay.engine;

/**
 * What a call cost.
 *
 * @param tokensSubmitted tokens its requests would have fed one by one
 * @param tokensComputed rows actually computed, shared prefixes once
 * @param seconds wall time
 * @param weightBytes weights read in the course of it, from the disk or the page cache; 0 where
 *     they are resident
 * @param stepSeconds of the wall time, passes that continued texts and read no prompt
 */
public record WorkStats(
    long tokensSubmitted,
    long tokensComputed,
    double seconds,
    long weightBytes,
    double stepSeconds) {
  public WorkStats(long tokensSubmitted, long tokensComputed, double seconds) {
    this(tokensSubmitted, tokensComputed, seconds, 0);
  }

  public WorkStats(long tokensSubmitted, long tokensComputed, double seconds, long weightBytes) {
    this(tokensSubmitted, tokensComputed, seconds, weightBytes, 0);
  }

  public WorkStats plus(WorkStats other) {
    return new WorkStats(
        tokensSubmitted + other.tokensSubmitted,
        tokensComputed + other.tokensComputed,
        seconds + other.seconds,
        weightBytes + other.weightBytes,
        stepSeconds + other.stepSeconds);
  }
}
