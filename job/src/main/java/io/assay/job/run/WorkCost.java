package io.assay.job.run;

import io.assay.engine.Engine.Answers;
import io.assay.engine.EnginePlan;
import io.assay.engine.WorkStats;
import io.assay.engine.model.MemoryBudget;
import io.assay.engine.score.ScorePlan;
import io.assay.engine.score.ScoreRequest;
import io.assay.engine.trie.TokenTrie;
import io.assay.eval.request.EvalRequest;
import io.assay.job.answer.SplitRetry;
import io.assay.job.plan.RunPlan;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What the engine will compute, counted chunk by chunk as it will be asked. For log-likelihoods the
 * count is the engine's own; what generations compute depends on what they say, so theirs is
 * bounded.
 */
final class WorkCost {
  /** Counts of a task or corpus. */
  private static final class Tally {
    private long scoringRequests;
    private long submitted;
    private long computed;
    private long generations;
    private int longest;
    private long prompts;
    private long uniquePrompts;
    private long newTokens;
    private long generationsAtMost;
  }

  private final EnginePlan engine;
  private final MemoryBudget budget;
  private final int drafts;
  private final boolean modules;
  private final Map<String, Tally> tallies = new HashMap<>();
  private long passes;

  /**
   * @param budget of the engines
   * @param drafts tokens drafted a step for greedy generations
   * @param modules whether the MTP modules score corpora too
   */
  WorkCost(EnginePlan engine, MemoryBudget budget, int drafts, boolean modules) {
    this.engine = engine;
    this.budget = budget;
    this.drafts = drafts;
    this.modules = modules;
  }

  /** Adds a partition. */
  void add(List<NumberedRequest> partition) {
    for (List<NumberedRequest> chunk : Chunks.of(partition)) {
      if (chunk.getFirst().generates()) {
        generate(chunk);
      } else {
        score(chunk);
      }
    }
  }

  private void score(List<NumberedRequest> chunk) {
    // As the chunk is asked, so that a request the engine refuses costs here what it costs there.
    List<ScoreRequest> asked = chunk.stream().map(r -> r.toScore(false, modules)).toList();
    var planned = SplitRetry.answer(asked, this::plan);
    for (int i = 0; i < chunk.size(); i++) {
      Tally tally = tally(chunk.get(i));
      tally.scoringRequests++;
      if (planned.outcomes().get(i).succeeded()) {
        tally.submitted += chunk.get(i).tokens();
        tally.computed += planned.outcomes().get(i).result();
      }
    }
  }

  private Answers<Integer> plan(List<ScoreRequest> requests) {
    ScorePlan plan = ScorePlan.of(engine.config(), budget, engine.maxLength(), requests);
    passes += plan.passes();
    return new Answers<>(
        Arrays.stream(plan.rows()).boxed().toList(),
        new WorkStats(plan.submitted(), plan.computed(), 0));
  }

  private void generate(List<NumberedRequest> chunk) {
    List<NumberedRequest> sorted =
        chunk.stream()
            .sorted(Comparator.comparing(r -> r.request().tokens(), Arrays::compare))
            .toList();
    TokenTrie trie = new TokenTrie();
    for (NumberedRequest numbered : sorted) {
      EvalRequest request = numbered.request();
      int prompt = request.tokens().length;
      // Each step emits a token at least and computes its drafts besides; the last is not fed.
      long perStep = 1L + (request.temperature() == 0 ? drafts : 0);
      Tally tally = tally(numbered);
      tally.generations++;
      tally.longest = Math.max(tally.longest, request.maxNewTokens());
      tally.prompts += prompt;
      tally.uniquePrompts += trie.newRows(request.tokens(), prompt);
      tally.newTokens += request.maxNewTokens();
      tally.generationsAtMost += prompt + (request.maxNewTokens() - 1L) * perStep;
      trie.add(request.tokens(), prompt);
    }
  }

  private Tally tally(NumberedRequest request) {
    return tallies.computeIfAbsent(request.request().task(), task -> new Tally());
  }

  /** How often scoring goes through all layers. */
  long passes() {
    return passes;
  }

  /** Log-likelihoods of a task or corpus, by its name in the column {@code task}. */
  RunPlan.Scoring scoring(String task) {
    return scoring(List.of(tallies.getOrDefault(task, new Tally())));
  }

  /** Those of all. */
  RunPlan.Scoring scoring() {
    return scoring(tallies.values());
  }

  private static RunPlan.Scoring scoring(Collection<Tally> tallies) {
    return new RunPlan.Scoring(
        tallies.stream().mapToLong(t -> t.scoringRequests).sum(),
        tallies.stream().mapToLong(t -> t.submitted).sum(),
        tallies.stream().mapToLong(t -> t.computed).sum());
  }

  /** Generations of a task. */
  RunPlan.Generation generation(String task) {
    return generation(List.of(tallies.getOrDefault(task, new Tally())));
  }

  /** Those of all. */
  RunPlan.Generation generation() {
    return generation(tallies.values());
  }

  private static RunPlan.Generation generation(Collection<Tally> tallies) {
    long requests = tallies.stream().mapToLong(t -> t.generations).sum();
    long prompts = tallies.stream().mapToLong(t -> t.prompts).sum();
    long unique = tallies.stream().mapToLong(t -> t.uniquePrompts).sum();
    long added = tallies.stream().mapToLong(t -> t.newTokens).sum();
    return new RunPlan.Generation(
        requests,
        tallies.stream().mapToInt(t -> t.longest).max().orElse(0),
        prompts,
        unique,
        added,
        prompts + added - requests, // a text's last token is not fed
        unique,
        tallies.stream().mapToLong(t -> t.generationsAtMost).sum());
  }
}
