package io.assay.tests.benchmark;

import java.util.Map;

/**
 * What one process says about the workload, ours and others alike.
 *
 * @param program name and version
 * @param device what it computed on
 * @param parts by name, the same for all programs
 * @param scores log-likelihoods of the first text and of the first item's choices
 */
record PeerResult(String program, String device, Map<String, Part> parts, double[] scores) {
  /**
   * @param work tokens or items
   * @param wall median seconds
   * @param cpu median CPU seconds of the process
   */
  record Part(double work, double wall, double cpu) {}

  /** Largest difference of scores, relative to the larger one. */
  double difference(PeerResult other) {
    if (scores.length != other.scores.length) {
      throw new IllegalArgumentException(
          scores.length + " scores against " + other.scores.length + ": not the same workload");
    }
    double most = 0;
    for (int i = 0; i < scores.length; i++) {
      double size = Math.max(Math.abs(scores[i]), Math.abs(other.scores[i]));
      most = Math.max(most, Math.abs(scores[i] - other.scores[i]) / size);
    }
    return most;
  }
}
