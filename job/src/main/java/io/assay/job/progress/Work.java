package io.assay.job.progress;

/**
 * Work that was done.
 *
 * @param requests requests answered
 * @param submitted tokens those requests would have fed one by one
 * @param computed rows computed for them, shared prefixes once
 */
public record Work(long requests, long submitted, long computed) {
  static final Work NONE = new Work(0, 0, 0);

  Work plus(Work other) {
    return new Work(
        requests + other.requests, submitted + other.submitted, computed + other.computed);
  }

  Work minus(Work other) {
    return new Work(
        requests - other.requests, submitted - other.submitted, computed - other.computed);
  }

  /** The larger of each number. */
  Work max(Work other) {
    return new Work(
        Math.max(requests, other.requests),
        Math.max(submitted, other.submitted),
        Math.max(computed, other.computed));
  }
}
