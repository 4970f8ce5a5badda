package io.assay.job.progress;

import java.util.concurrent.atomic.AtomicReference;

/**
 * How far the tasks of this JVM have come: in local mode, where they are all there are, at once.
 */
final class ProgressBoard {
  private static final AtomicReference<Work> DONE = new AtomicReference<>(Work.NONE);

  private ProgressBoard() {}

  static void reset() {
    DONE.set(Work.NONE);
  }

  static void add(Work more) {
    DONE.accumulateAndGet(more, Work::plus);
  }

  static Work done() {
    return DONE.get();
  }
}
