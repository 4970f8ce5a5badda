package io.assay.tests.benchmark;

import java.util.Map;

/**
 * What the driver of a measured run says about itself.
 *
 * @param seconds of each stage, by its name
 * @param heap most bytes of the heap that were in use after a full collection, 0 if nobody watched
 * @param heapStage in which that was
 * @param heapLimit largest heap
 * @param jobs of Spark
 * @param tasks of Spark
 */
record RunResult(
    Map<String, Double> seconds, long heap, String heapStage, long heapLimit, int jobs, int tasks) {
  /** Sum of all stages. */
  double all() {
    return seconds.values().stream().mapToDouble(Double::doubleValue).sum();
  }
}
