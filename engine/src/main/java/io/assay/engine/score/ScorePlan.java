package io.assay.engine.score;

import io.assay.engine.config.ModelConfig;
import io.assay.engine.model.MemoryBudget;
import java.util.List;

/**
 * What scoring requests in one call would compute, by the cuts {@link Scorer} makes.
 *
 * @param submitted tokens the requests would feed one by one
 * @param computed rows of the main model computed, shared prefixes once
 * @param passes how often all layers are gone through: where weights are streamed, how often they
 *     are read
 * @param rows for each request, in order, the rows that are computed because of it: a shared prefix
 *     counts for the request that sorts first; the sum is {@code computed}
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record ScorePlan(long submitted, long computed, int passes, int[] rows) {

  /**
   * Plans one call.
   *
   * @param budget of rows that no prediction module goes over
   * @param maxLength most tokens a request may feed
   * @throws io.assay.engine.EngineException {@code REQUEST_INVALID}, as scoring would
   */
  public static ScorePlan of(
      ModelConfig config, MemoryBudget budget, int maxLength, List<ScoreRequest> requests) {
    long submitted = 0;
    long computed = 0;
    int passes = 0;
    int[] rows = new int[requests.size()];
    for (ScoreGroup group : ScoreGroup.of(requests, config, budget, maxLength)) {
      List<Pending> sorted = group.sorted();
      PassRows pass = null;
      while (pass == null || pass.end() < sorted.size()) {
        pass = new PassRows(group.budget(), sorted, pass);
        computed += pass.rows();
        passes++;
      }
      for (Pending request : sorted) {
        rows[request.index()] = request.rows();
        submitted += request.fed();
      }
    }
    return new ScorePlan(submitted, computed, passes, rows);
  }
}
