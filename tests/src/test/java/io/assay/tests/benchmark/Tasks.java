package io.assay.tests.benchmark;

import io.assay.engine.Engine;
import io.assay.engine.WorkListener;
import io.assay.engine.generate.GenerateRequest;
import io.assay.engine.generate.GenerateResult;
import io.assay.engine.score.ScoreRequest;
import io.assay.engine.score.ScoreResult;
import java.util.ArrayList;
import java.util.List;

/** The parts of a workload, each as one engine does it. Times are wall seconds. */
final class Tasks {
  private final Engine engine;
  private final Workload work;

  Tasks(Engine engine, Workload work) {
    this.engine = engine;
    this.work = work;
  }

  private static double since(long nanos) {
    return (System.nanoTime() - nanos) * 1e-9;
  }

  private List<ScoreResult> score(List<ScoreRequest> requests) {
    return engine.score(requests, WorkListener.NONE).results();
  }

  /** Log-likelihoods of the first {@code count} texts. */
  double[] scores(int count) {
    List<ScoreRequest> requests = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      requests.add(new ScoreRequest("text" + i, work.texts()[i], 1));
    }
    return sums(score(requests));
  }

  private static double[] sums(List<ScoreResult> results) {
    return results.stream().mapToDouble(ScoreResult::sumLogprob).toArray();
  }

  /** Scores the first {@code count} texts in one call. */
  double scoreSeconds(int count) {
    long started = System.nanoTime();
    scores(count);
    return since(started);
  }

  /**
   * Continues the first {@code count} prompts. The prompt's own time is measured and taken off:
   * what is left are {@code newTokens} steps.
   */
  double decodeSeconds(int count) {
    double first = generateSeconds(count, 1);
    double all = generateSeconds(count, 1 + work.newTokens());
    // On a disturbed machine a prompt may take longer than prompt and continuation the next time.
    return Math.max(all - first, all / 1000);
  }

  private double generateSeconds(int count, int newTokens) {
    List<GenerateRequest> requests = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      requests.add(
          new GenerateRequest(
              "prompt" + i,
              work.prompts()[i],
              newTokens,
              List.of(),
              0,
              1,
              0,
              /* speculative= */ false,
              /* ignoreEos= */ true));
    }
    long started = System.nanoTime();
    List<GenerateResult> results = engine.generate(requests, WorkListener.NONE).results();
    double seconds = since(started);
    for (GenerateResult result : results) {
      if (result.tokens().length != newTokens) {
        throw new IllegalStateException(
            "asked for " + newTokens + " tokens and got " + result.tokens().length);
      }
    }
    return seconds;
  }

  /** Log-likelihoods of the choices of the first {@code items} items. */
  double[] choiceScores(int items) {
    return sums(score(choiceRequests(items)));
  }

  private List<ScoreRequest> choiceRequests(int items) {
    List<ScoreRequest> requests = new ArrayList<>();
    for (Workload.Item item : work.items().subList(0, items)) {
      for (int c = 0; c < item.choices().length; c++) {
        requests.add(new ScoreRequest("choice", item.sequence(c), item.stem().length));
      }
    }
    return requests;
  }

  /** Answers all items in one call, so that header and questions are computed once. */
  double choiceSeconds() {
    long started = System.nanoTime();
    choiceScores(work.items().size());
    return since(started);
  }

  /** Answers the first item as if nothing were shared, one sequence after the other. */
  double unsharedChoiceSeconds() {
    long started = System.nanoTime();
    choiceRequests(1).forEach(request -> score(List.of(request)));
    return since(started);
  }
}
