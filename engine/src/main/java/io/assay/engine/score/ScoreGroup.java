package io.assay.engine.score;

import io.assay.engine.EngineException;
import io.assay.engine.ErrorCode;
import io.assay.engine.config.ModelConfig;
import io.assay.engine.model.MemoryBudget;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Requests of a call that make a trie of their own: those the prediction modules score too, and the
 * others. The modules need every row of theirs, so others would pay for what they did not ask.
 *
 * @param sorted by the tokens they feed; at least one
 * @param modules whether prediction modules go over the rows
 * @param budget of its passes
 */
record ScoreGroup(List<Pending> sorted, boolean modules, MemoryBudget budget) {

  /**
   * The groups of a call that have requests.
   *
   * @param budget of rows that no module goes over
   * @param maxLength most tokens a request may feed
   * @throws EngineException {@code REQUEST_INVALID}
   */
  static List<ScoreGroup> of(
      List<ScoreRequest> requests, ModelConfig config, MemoryBudget budget, int maxLength) {
    List<Pending> plain = new ArrayList<>();
    List<Pending> deep = new ArrayList<>();
    for (int i = 0; i < requests.size(); i++) {
      ScoreRequest request = requests.get(i);
      check(request, config, maxLength);
      int modules = request.modules() ? config.mtpModules() : 0;
      Pending pending = new Pending(i, request, modules);
      if (request.balance() && config.ffn().routing() != null) {
        pending.startBalance(config.totalLayers());
      }
      (modules > 0 ? deep : plain).add(pending);
    }
    List<ScoreGroup> groups = new ArrayList<>();
    if (!plain.isEmpty()) {
      groups.add(new ScoreGroup(sort(plain), /* modules= */ false, budget));
    }
    if (!deep.isEmpty()) {
      groups.add(new ScoreGroup(sort(deep), /* modules= */ true, budget.withModules(config)));
    }
    return groups;
  }

  private static List<Pending> sort(List<Pending> requests) {
    requests.sort((a, b) -> Arrays.compare(a.tokens(), 0, a.fed(), b.tokens(), 0, b.fed()));
    return requests;
  }

  private static void check(ScoreRequest request, ModelConfig config, int maxLength) {
    int n = request.tokens().length;
    if (request.from() < 1 || request.from() >= n || n > maxLength + 1) {
      throw new EngineException(
          ErrorCode.REQUEST_INVALID,
          "request '"
              + request.id()
              + "' asks to score "
              + n
              + " tokens from index "
              + request.from()
              + "; the index must be at least 1 and below the length, and the length at most "
              + (maxLength + 1));
    }
    Scorer.requireTokens(request.id(), request.tokens(), config.vocabSize());
  }
}
