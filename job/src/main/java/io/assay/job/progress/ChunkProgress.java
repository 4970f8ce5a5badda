package io.assay.job.progress;

import java.util.function.Consumer;

/**
 * One chunk of requests. A chunk that is split and asked again reports from the start once more, so
 * only what goes beyond the highest report counts.
 */
public final class ChunkProgress {
  private final long requests;
  private final long tokens;
  private final Consumer<Work> done;
  private Work counted = Work.NONE;

  /**
   * @param requests of the chunk
   * @param tokens they would feed one by one
   * @param done hears what came on top of what it heard before
   */
  ChunkProgress(long requests, long tokens, Consumer<Work> done) {
    this.requests = requests;
    this.tokens = tokens;
    this.done = done;
  }

  /** Work done so far within the current call of the engine. */
  public void report(long requestsDone, long submitted, long computed) {
    Work now =
        new Work(Math.min(requestsDone, requests), Math.min(submitted, tokens), computed)
            .max(counted);
    if (!now.equals(counted)) {
      done.accept(now.minus(counted));
      counted = now;
    }
  }

  /** The chunk is answered. */
  public void finish() {
    report(requests, tokens, counted.computed());
  }
}
