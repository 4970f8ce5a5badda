package io.assay.job.plan;

import java.io.Serializable;

/**
 * What the engine will compute for some requests. For log-likelihoods the count is the engine's
 * own; what generations compute depends on what they say, so theirs is bounded.
 *
 * @param passes how often scoring goes through all layers
 * @param scoringRequests log-likelihoods
 * @param submitted their tokens, fed one by one
 * @param computed the same, shared prefixes once
 * @param generations texts
 * @param longest most new tokens of one of them
 * @param prompts tokens of their prompts
 * @param uniquePrompts the same, shared prefixes once
 * @param newTokens most tokens they generate
 * @param generationsAtMost most tokens computed for them
 */
public record WorkCost(
    long passes,
    long scoringRequests,
    long submitted,
    long computed,
    long generations,
    int longest,
    long prompts,
    long uniquePrompts,
    long newTokens,
    long generationsAtMost)
    implements Serializable {
  /** Of no request. */
  public static final WorkCost NONE = new WorkCost(0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

  /** A generated token costs a pass of its own; a prompt's tokens share theirs. */
  private static final int GENERATED_TOKEN_COST = 4;

  /** Of both. */
  public WorkCost plus(WorkCost other) {
    return new WorkCost(
        passes + other.passes,
        scoringRequests + other.scoringRequests,
        submitted + other.submitted,
        computed + other.computed,
        generations + other.generations,
        Math.max(longest, other.longest),
        prompts + other.prompts,
        uniquePrompts + other.uniquePrompts,
        newTokens + other.newTokens,
        generationsAtMost + other.generationsAtMost);
  }

  /** Log-likelihoods. */
  public RunPlan.Scoring scoring() {
    return new RunPlan.Scoring(scoringRequests, submitted, computed);
  }

  /** Generations. */
  public RunPlan.Generation generation() {
    return new RunPlan.Generation(
        generations,
        longest,
        prompts,
        uniquePrompts,
        newTokens,
        generatedTokens(),
        uniquePrompts,
        generationsAtMost);
  }

  private long generatedTokens() {
    return prompts + newTokens - generations; // a text's last token is not fed
  }

  /** Tokens fed if every request were asked alone; for generations at most. */
  public long tokens() {
    return submitted + generatedTokens();
  }

  /** What work is shared out by, about proportional to its time. */
  public long weight() {
    return 1 + computed + uniquePrompts + GENERATED_TOKEN_COST * newTokens;
  }
}
