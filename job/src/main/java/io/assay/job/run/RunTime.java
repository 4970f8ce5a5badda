package io.assay.job.run;

import java.time.Instant;

/**
 * When a run began, and how long it has been going on. Clocks are set right, or wrong, while runs
 * go on; what a run says of its own length does not depend on it.
 */
final class RunTime {
  private final Instant started = Instant.now();
  private final long nanos = System.nanoTime();

  Instant started() {
    return started;
  }

  /** As late after the start as it really is. */
  Instant now() {
    return started.plusNanos(System.nanoTime() - nanos);
  }

  double seconds() {
    return (System.nanoTime() - nanos) * 1e-9;
  }
}
