package io.assay.job.progress;

import java.io.Serializable;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.SparkContext;
import org.apache.spark.util.LongAccumulator;

/**
 * Travels with the tasks and counts what they do, while they do it. The sums Spark makes of it
 * count retries twice; {@link ExecutorProgress} reads what each task has counted, and does not.
 *
 * @param requests requests answered
 * @param submitted tokens those requests would have fed one by one
 * @param computed rows computed, shared prefixes once
 */
public record WorkMeter(
    LongAccumulator requests, LongAccumulator submitted, LongAccumulator computed)
    implements Serializable {

  /** Counters with names, which Spark's web interface shows for each task. */
  static WorkMeter register(SparkContext context) {
    return new WorkMeter(
        context.longAccumulator("requests answered"),
        context.longAccumulator("tokens submitted"),
        context.longAccumulator("tokens computed"));
  }

  /**
   * A chunk that a task of this JVM is about to ask.
   *
   * @param chunkRequests how many requests it has
   * @param chunkTokens tokens they would feed one by one
   */
  public ChunkProgress chunk(long chunkRequests, long chunkTokens) {
    return new ChunkProgress(chunkRequests, chunkTokens, this::add);
  }

  private void add(Work more) {
    requests.add(more.requests());
    submitted.add(more.submitted());
    computed.add(more.computed());
    ProgressBoard.add(more);
  }

  /** What a task has counted, by the ids of its accumulators; nothing if it counts other things. */
  Optional<Work> read(Map<Long, Long> updates) {
    Long answered = updates.get(requests.id());
    Long fed = updates.get(submitted.id());
    Long rows = updates.get(computed.id());
    if (answered == null && fed == null && rows == null) {
      return Optional.empty();
    }
    return Optional.of(new Work(orZero(answered), orZero(fed), orZero(rows)));
  }

  private static long orZero(Long value) {
    return value == null ? 0 : value;
  }
}
