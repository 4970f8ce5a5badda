package io.assay.job.lock;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * How long somebody has been watched, look by look. What stops the watcher, such as a pause of the
 * machine, may stop the watched as well: a long time between two looks counts as one beat, the sign
 * of life that could have been missed.
 */
final class Watch {
  private final long beat;
  private final long patience;
  private final LongSupplier clock;
  private long watched;
  private long looked;

  /**
   * Begins now.
   *
   * @param beat between two signs of life
   * @param patience after which it is over
   * @param clock nanoseconds that nobody sets
   */
  Watch(Duration beat, Duration patience, LongSupplier clock) {
    this.beat = beat.toNanos();
    this.patience = patience.toNanos();
    this.clock = clock;
    this.looked = clock.getAsLong();
  }

  /** There was no sign of life at this look. */
  void nothingSeen() {
    long now = clock.getAsLong();
    watched += Math.min(now - looked, beat);
    looked = now;
  }

  /** Whether it was long enough. */
  boolean isOver() {
    return watched >= patience;
  }
}
