package io.assay.job.lines;

import com.fasterxml.jackson.databind.JsonNode;
import io.assay.engine.Engine;
import io.assay.engine.WorkListener;
import io.assay.engine.WorkStats;
import io.assay.engine.score.ScoreRequest;
import io.assay.engine.score.ScoreResult;
import io.assay.eval.request.EvalRequest;
import io.assay.job.answer.Outcome;
import io.assay.job.answer.SplitRetry;
import java.util.ArrayList;
import java.util.List;

/** Log-likelihoods of lines: what {@code assay score} answers, in any form. */
public final class ScoreAnswers {
  private final Engine engine;
  private final LineRequests requests;
  private final boolean routing;

  /**
   * What became of a line.
   *
   * @param id the line's
   * @param requests several for the windows of a long text, none if there is an error
   * @param results one for each request
   * @param truncated whether the beginning of the line's text was cut
   * @param error code and reason, null if nothing went wrong
   */
  public record Answer(
      JsonNode id,
      List<EvalRequest> requests,
      List<ScoreResult> results,
      boolean truncated,
      String error) {

    /** Sum of all windows, in their order. */
    public double sumLogprob() {
      double sum = 0;
      for (ScoreResult result : results) {
        sum += result.sumLogprob();
      }
      return sum;
    }

    /** Tokens that were scored. */
    public int numTokens() {
      return results.stream().mapToInt(result -> result.tokenLogprobs().length).sum();
    }

    /** Whether every scored token was the arg-max. */
    public boolean greedy() {
      return results.stream().allMatch(ScoreResult::greedy);
    }
  }

  /**
   * Lines answered together.
   *
   * @param answers one for each line, in their order
   * @param stats what they cost
   */
  public record Batch(List<Answer> answers, WorkStats stats) {}

  /**
   * @param routing whether results have the expert ids of every fed token
   */
  public ScoreAnswers(Engine engine, boolean routing) {
    this.engine = engine;
    this.requests = new LineRequests(engine.plan());
    this.routing = routing;
  }

  /** Answers every line; what is wrong with one stays with it. */
  public Batch of(List<InputLine> lines) {
    List<Asked> asked = lines.stream().map(requests::of).toList();
    List<ScoreRequest> scored = new ArrayList<>();
    for (Asked line : asked) {
      for (EvalRequest request : line.requests()) {
        scored.add(
            new ScoreRequest(request.requestId(), request.tokens(), request.from(), routing));
      }
    }
    var answered = SplitRetry.answer(scored, batch -> engine.score(batch, WorkListener.NONE));
    List<Answer> answers = new ArrayList<>();
    int next = 0;
    for (Asked line : asked) {
      int end = next + line.requests().size();
      answers.add(answer(line, answered.outcomes().subList(next, end)));
      next = end;
    }
    return new Batch(answers, answered.stats());
  }

  private static Answer answer(Asked line, List<Outcome<ScoreResult>> outcomes) {
    String error = line.error();
    for (Outcome<ScoreResult> outcome : outcomes) {
      if (!outcome.succeeded()) {
        error = outcome.code() + ": " + outcome.message();
      } else if (!Double.isFinite(outcome.result().sumLogprob())) {
        error = "RESULT_NOT_FINITE: the sum of log-probabilities is not a number";
      }
    }
    return error == null
        ? new Answer(
            line.id(),
            line.requests(),
            outcomes.stream().map(Outcome::result).toList(),
            line.truncated(),
            null)
        : new Answer(line.id(), List.of(), List.of(), false, error);
  }
}
