package io.assay.job.answer;

import io.assay.engine.Engine;
import io.assay.engine.WorkListener;
import io.assay.engine.WorkStats;
import io.assay.engine.generate.GenerateRequest;
import io.assay.engine.generate.GenerateResult;
import io.assay.engine.score.ScoreRequest;
import io.assay.engine.score.ScoreResult;
import io.assay.eval.request.EvalRequest;
import io.assay.eval.text.PythonText;
import io.assay.job.progress.ChunkProgress;
import io.assay.job.progress.WorkMeter;
import io.assay.job.request.NumberedRequest;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.apache.spark.sql.Row;

/**
 * Asks the engine the requests of a slice, all at once or document by document, and makes rows of
 * what it says.
 */
public final class AnswerRows implements Iterator<Row> {
  /** Hears what is asked together, before and after. */
  public interface Listener {
    /** The requests of these documents are asked next. */
    void asked(List<NumberedRequest> together);

    /** They are answered. */
    void answered();
  }

  private final Engine engine;
  private final AnswerSettings settings;
  private final String executor;
  private final Iterator<List<NumberedRequest>> chunks;
  private final WorkMeter meter;
  private final Listener marks;
  private final ArrayDeque<Row> ready = new ArrayDeque<>();
  private final RoutingStatistics statistics;
  private final DraftTiming timing;
  private Iterator<Row> counted = Collections.emptyIterator();
  private boolean ended;

  /**
   * @param executor value of the column {@code executor}
   * @param chunks requests that are asked together, each of one kind
   * @param timed whether texts are made twice, {@link DraftTiming}
   * @param meter for the display only
   * @param listener null if nobody wants to hear
   */
  public AnswerRows(
      Engine engine,
      AnswerSettings settings,
      String executor,
      List<List<NumberedRequest>> chunks,
      boolean timed,
      WorkMeter meter,
      Listener listener) {
    this.engine = engine;
    this.settings = settings;
    this.executor = executor;
    this.chunks = chunks.iterator();
    this.meter = meter;
    this.marks = listener;
    this.statistics = new RoutingStatistics(settings.statistics(), engine.config());
    this.timing = timed ? new DraftTiming(engine) : null;
  }

  @Override
  public boolean hasNext() {
    while (ready.isEmpty() && !counted.hasNext() && !ended) {
      if (chunks.hasNext()) {
        answer(chunks.next());
      } else {
        counted = statistics.end();
        ended = true;
      }
    }
    return !ready.isEmpty() || counted.hasNext();
  }

  @Override
  public Row next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    return ready.isEmpty() ? counted.next() : ready.poll();
  }

  private void answer(List<NumberedRequest> chunk) {
    if (marks != null) {
      marks.asked(chunk);
    }
    long tokens = chunk.stream().mapToLong(NumberedRequest::tokens).sum();
    ChunkProgress progress = meter.chunk(chunk.size(), tokens);
    WorkListener listener = progress::report;
    if (chunk.getFirst().generates()) {
      generate(chunk, listener);
    } else {
      score(chunk, listener);
    }
    counted = statistics.chunk();
    progress.finish();
    if (marks != null) {
      marks.answered();
    }
  }

  private void score(List<NumberedRequest> chunk, WorkListener listener) {
    boolean modules = settings.statistics().mtpPerplexity();
    List<ScoreRequest> asked =
        chunk.stream().map(r -> r.toScore(statistics.wanted(), modules)).toList();
    var answered = SplitRetry.answer(asked, batch -> engine.score(batch, listener));
    int succeeded = 0;
    for (int i = 0; i < chunk.size(); i++) {
      Outcome<ScoreResult> outcome = answered.outcomes().get(i);
      if (outcome.succeeded() && isFinite(outcome.result())) {
        ScoreResult result = outcome.result();
        ready.add(scored(chunk.get(i), result));
        statistics.scored(chunk.get(i), result);
        succeeded++;
      } else {
        ready.add(failed(chunk.get(i), outcome));
      }
    }
    work("score", succeeded, answered.stats());
  }

  private static boolean isFinite(ScoreResult result) {
    return Double.isFinite(result.sumLogprob())
        && result.modules().stream().allMatch(module -> Double.isFinite(module.sumLogprob()));
  }

  private void generate(List<NumberedRequest> chunk, WorkListener listener) {
    List<GenerateRequest> asked = new ArrayList<>();
    for (NumberedRequest numbered : chunk) {
      EvalRequest request = numbered.request();
      asked.add(
          new GenerateRequest(
              request.requestId(),
              request.tokens(),
              request.maxNewTokens(),
              request.stop(),
              request.temperature(),
              request.topP(),
              request.seed(),
              settings.speculative(),
              /* ignoreEos= */ false,
              settings.reasoning(),
              statistics.wanted(),
              settings.statistics().mtp()));
    }
    var answered = SplitRetry.answer(asked, batch -> engine.generate(batch, listener));
    int succeeded = 0;
    for (int i = 0; i < chunk.size(); i++) {
      Outcome<GenerateResult> outcome = answered.outcomes().get(i);
      if (outcome.succeeded()) {
        GenerateResult result = outcome.result();
        ready.add(generated(chunk.get(i), result));
        statistics.generated(chunk.get(i), result);
        succeeded++;
      } else {
        ready.add(failed(chunk.get(i), outcome));
      }
    }
    work("generate", succeeded, answered.stats());
    if (timing != null) {
      ready.addAll(timing.of(chunk, asked));
    }
  }

  private static Row scored(NumberedRequest numbered, ScoreResult result) {
    return sample(
        numbered,
        result.sumLogprob(),
        result.tokenLogprobs().length,
        result.greedy(),
        null,
        null,
        null,
        null,
        new Integer[0],
        new Integer[0],
        0);
  }

  private static Row generated(NumberedRequest numbered, GenerateResult result) {
    return sample(
        numbered,
        null,
        result.tokens().length,
        null,
        result.text(),
        result.finish().label(),
        result.thinking(),
        result.thinking() == null ? null : result.thinkingTokens(),
        boxed(result.proposed()),
        boxed(result.accepted()),
        result.mainSteps());
  }

  private static Row sample(
      NumberedRequest numbered,
      Double sumLogprob,
      int numTokens,
      Boolean greedy,
      String text,
      String finish,
      String thinking,
      Integer thinkingTokens,
      Integer[] proposed,
      Integer[] accepted,
      int mainSteps) {
    EvalRequest request = numbered.request();
    return RawRows.SAMPLE.row(
        numbered.ordinal(),
        request.requestId(),
        request.task(),
        request.docId(),
        request.kind().label(),
        request.choice(),
        sumLogprob,
        numTokens,
        greedy,
        text,
        request.truncatedTokens() > 0,
        request.truncatedTokens(),
        request.domain(),
        request.window(),
        finish,
        thinking,
        thinkingTokens,
        thinking == null ? null : PythonText.codePoints(thinking),
        proposed,
        accepted,
        mainSteps);
  }

  private static Row failed(NumberedRequest numbered, Outcome<?> outcome) {
    EvalRequest request = numbered.request();
    boolean answered = outcome.succeeded();
    return RawRows.FAILURE.row(
        numbered.ordinal(),
        request.task(),
        request.docId(),
        answered ? "RESULT_NOT_FINITE" : outcome.code().name(),
        answered
            ? "the sum of log-probabilities is not a number; the model's activations overflow"
            : outcome.message());
  }

  private void work(String phase, long succeeded, WorkStats stats) {
    ready.add(
        RawRows.WORK.row(
            executor,
            engine.device(),
            phase,
            succeeded,
            stats.tokensSubmitted(),
            stats.tokensComputed(),
            stats.seconds()));
  }

  private static Integer[] boxed(int[] values) {
    return Arrays.stream(values).boxed().toArray(Integer[]::new);
  }
}
