package io.assay.job.lines;

import io.assay.engine.Engine;
import io.assay.engine.WorkListener;
import io.assay.engine.score.ScoreRequest;
import io.assay.engine.score.ScoreResult;
import io.assay.eval.request.EvalRequest;
import io.assay.job.RunFailedException;
import io.assay.job.answer.Outcome;
import io.assay.job.answer.SplitRetry;
import io.assay.job.lines.LineDocuments.Document;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Function;

/** Scores documents, so many at a time that their routing counts stay small. */
public final class LineScores {
  private static final int REQUESTS = 256;

  private LineScores() {}

  /**
   * Scores all documents; prefixes are shared within a few hundred requests.
   *
   * @param asked what is asked for a request
   * @param scored hears of every document, in order, with the results of its requests
   * @throws RunFailedException if one cannot be scored: what is measured over an input is measured
   *     over all of it
   */
  public static void each(
      Engine engine,
      List<Document> documents,
      Function<EvalRequest, ScoreRequest> asked,
      BiConsumer<Document, List<ScoreResult>> scored) {
    for (List<Document> batch : batches(documents)) {
      List<List<ScoreResult>> results = score(engine, batch, asked);
      for (int i = 0; i < batch.size(); i++) {
        scored.accept(batch.get(i), results.get(i));
      }
    }
  }

  /** The documents in their order, a few hundred requests at a time. */
  public static List<List<Document>> batches(List<Document> documents) {
    List<List<Document>> batches = new ArrayList<>();
    int requests = REQUESTS;
    for (Document document : documents) {
      if (requests >= REQUESTS) {
        batches.add(new ArrayList<>());
        requests = 0;
      }
      batches.getLast().add(document);
      requests += document.requests().size();
    }
    return batches;
  }

  /** The results of each document's requests; the same as {@link #each} for one batch. */
  public static List<List<ScoreResult>> score(
      Engine engine, List<Document> batch, Function<EvalRequest, ScoreRequest> asked) {
    List<ScoreRequest> requests =
        batch.stream().flatMap(document -> document.requests().stream()).map(asked).toList();
    var outcomes =
        SplitRetry.answer(requests, some -> engine.score(some, WorkListener.NONE)).outcomes();
    List<List<ScoreResult>> results = new ArrayList<>();
    int next = 0;
    for (Document document : batch) {
      int end = next + document.requests().size();
      results.add(results(document, outcomes.subList(next, end)));
      next = end;
    }
    return results;
  }

  private static List<ScoreResult> results(Document document, List<Outcome<ScoreResult>> outcomes) {
    List<ScoreResult> results = new ArrayList<>();
    for (Outcome<ScoreResult> outcome : outcomes) {
      if (!outcome.succeeded()) {
        throw failed(document, outcome.code() + ": " + outcome.message());
      }
      if (!Double.isFinite(outcome.result().sumLogprob())) {
        throw failed(document, "RESULT_NOT_FINITE: the sum of log-probabilities is not a number");
      }
      results.add(outcome.result());
    }
    return results;
  }

  private static RunFailedException failed(Document document, String why) {
    return new RunFailedException(
        "the line " + document.id() + " cannot be scored, leave it out: " + why);
  }
}
