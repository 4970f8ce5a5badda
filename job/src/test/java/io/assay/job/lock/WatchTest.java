package io.assay.job.lock;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Only time in which a sign of life could have been seen counts. */
class WatchTest {
  private final AtomicLong clock = new AtomicLong(Long.MAX_VALUE - 5);
  private final Watch watch = new Watch(Duration.ofSeconds(3), Duration.ofSeconds(30), clock::get);

  private int looksUntilItIsOver(Duration between) {
    int looks = 0;
    while (!watch.isOver()) {
      clock.addAndGet(between.toNanos());
      watch.nothingSeen();
      looks++;
    }
    return looks;
  }

  @Test
  void patienceEndsWhenItsTimeIsOver() {
    assertThat(looksUntilItIsOver(Duration.ofMillis(300))).isEqualTo(100);
  }

  @Test
  void aPauseIsNoTimeOfWatching() {
    assertThat(looksUntilItIsOver(Duration.ofHours(1))).isEqualTo(10);
  }
}
