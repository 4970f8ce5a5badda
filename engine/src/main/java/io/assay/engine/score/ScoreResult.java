package io.assay.engine.score;

import io.assay.engine.trace.ExpertCounts;
import io.assay.engine.trace.SequenceBalance;
import java.util.List;

/**
 * The answer to a {@link ScoreRequest}; equal bit for bit whatever else was in the batch.
 *
 * @param id the request's id
 * @param tokenLogprobs natural logarithms, one for each of {@code tokens[from..]}
 * @param sumLogprob their sum in order, in double precision
 * @param greedy whether every scored token was the arg-max (lowest id on ties)
 * @param counts routing of the fed tokens {@code tokens[..length - 1)}, main layers only
 * @param experts {@code [layer][token][k]} ascending expert ids, null for dense layers; null when
 *     not asked for
 * @param balance router scores of the fed tokens; null when not asked for, or without experts
 * @param modules the prediction modules' scores of the same text, depth 1 first; empty when not
 *     asked for, or without modules
 */
public record ScoreResult(
    String id,
    float[] tokenLogprobs,
    double sumLogprob,
    boolean greedy,
    ExpertCounts counts,
    int[][][] experts,
    SequenceBalance balance,
    List<ModuleScore> modules) {
  /** The sum in order, in double precision. */
  static double sum(float[] logprobs) {
    double sum = 0;
    for (float logprob : logprobs) {
      sum += logprob;
    }
    return sum;
  }
}
