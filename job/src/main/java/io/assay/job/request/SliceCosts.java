package io.assay.job.request;

import io.assay.engine.Engine.Answers;
import io.assay.engine.EnginePlan;
import io.assay.engine.WorkStats;
import io.assay.engine.model.MemoryBudget;
import io.assay.engine.score.ScorePlan;
import io.assay.engine.score.ScoreRequest;
import io.assay.engine.trie.TokenTrie;
import io.assay.eval.request.EvalRequest;
import io.assay.job.answer.SplitRetry;
import io.assay.job.plan.WorkCost;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/** Counts what the engine will compute for a slice, as the slice will be asked. */
final class SliceCosts {
  private final EnginePlan engine;
  private final MemoryBudget budget;
  private final int drafts;
  private final boolean modules;

  /**
   * @param budget of the engines
   * @param drafts tokens drafted a step for greedy generations
   * @param modules whether the MTP modules score corpora too
   */
  SliceCosts(EnginePlan engine, MemoryBudget budget, int drafts, boolean modules) {
    this.engine = engine;
    this.budget = budget;
    this.drafts = drafts;
    this.modules = modules;
  }

  /** The cost of requests that are asked together, all of one kind. */
  WorkCost of(List<NumberedRequest> requests) {
    if (requests.isEmpty()) {
      return WorkCost.NONE;
    }
    return requests.getFirst().generates() ? generations(requests) : scores(requests);
  }

  private WorkCost scores(List<NumberedRequest> requests) {
    // As they are asked, so that a request the engine refuses costs here what it costs there.
    List<ScoreRequest> asked = requests.stream().map(r -> r.toScore(false, modules)).toList();
    long[] passes = new long[1];
    var planned =
        SplitRetry.answer(
            asked,
            batch -> {
              ScorePlan plan = ScorePlan.of(engine.config(), budget, engine.maxLength(), batch);
              passes[0] += plan.passes();
              return new Answers<>(
                  Arrays.stream(plan.rows()).boxed().toList(),
                  new WorkStats(plan.submitted(), plan.computed(), 0));
            });
    long submitted = 0;
    long computed = 0;
    for (int i = 0; i < requests.size(); i++) {
      if (planned.outcomes().get(i).succeeded()) {
        submitted += requests.get(i).tokens();
        computed += planned.outcomes().get(i).result();
      }
    }
    return new WorkCost(passes[0], requests.size(), submitted, computed, 0, 0, 0, 0, 0, 0);
  }

  private WorkCost generations(List<NumberedRequest> requests) {
    List<EvalRequest> sorted =
        requests.stream()
            .map(NumberedRequest::request)
            .sorted(Comparator.comparing(EvalRequest::tokens, Arrays::compare))
            .toList();
    TokenTrie trie = new TokenTrie();
    WorkCost cost = WorkCost.NONE;
    for (EvalRequest request : sorted) {
      int prompt = request.tokens().length;
      int most = request.maxNewTokens();
      // Each step emits a token at least and computes its drafts besides; the last is not fed.
      long perStep = 1L + (request.temperature() == 0 ? drafts : 0);
      long unique = trie.newRows(request.tokens(), prompt);
      cost =
          cost.plus(
              new WorkCost(
                  0, 0, 0, 0, 1, most, prompt, unique, most, prompt + (most - 1L) * perStep));
      trie.add(request.tokens(), prompt);
    }
    return cost;
  }
}
