package io.assay.tests.memory;

import io.assay.engine.Engine;
import io.assay.engine.EngineOptions;
import io.assay.engine.WorkListener;
import io.assay.engine.generate.GenerateRequest;
import io.assay.engine.generate.GenerateResult;
import io.assay.engine.score.ScoreRequest;
import io.assay.engine.score.ScoreResult;
import io.assay.job.answer.Outcome;
import io.assay.job.answer.SplitRetry;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What is asked of an engine in a process with any heap: batches that its memory budget lets
 * through whatever the heap is.
 */
final class LittleHeap {
  static final int REQUESTS = 16;
  static final int TOKENS = 100;
  static final int TOO_MANY_TOKENS = 6000;

  private static final long ANY = 1L << 36;
  private static final int VOCABULARY = 528;

  private LittleHeap() {}

  /** Prints {@link #answers}. */
  public static void main(String[] arguments) {
    answers(Path.of(arguments[0])).forEach(System.out::println);
  }

  /** Answers and how often the engine was asked, a line each; every bit of an answer is in it. */
  static List<String> answers(Path model) {
    EngineOptions options =
        EngineOptions.defaults().withBackend("cpu").withThreads(2).withMemoryBytes(ANY);
    List<String> lines = new ArrayList<>();
    try (Engine engine = Engine.open(model, options)) {
      AtomicInteger calls = new AtomicInteger();
      List<ScoreRequest> scores = new ArrayList<>();
      List<GenerateRequest> prompts = new ArrayList<>();
      SplittableRandom random = new SplittableRandom(3);
      for (int i = 0; i < REQUESTS; i++) {
        int[] tokens = random.ints(TOKENS, 2, VOCABULARY).toArray();
        scores.add(new ScoreRequest("score " + i, tokens, 1, false));
        prompts.add(GenerateRequest.greedy("prompt " + i, tokens, 2));
      }
      // One that no splitting helps, among those that it does.
      int[] endless = random.ints(TOO_MANY_TOKENS, 2, VOCABULARY).toArray();
      scores.add(3, new ScoreRequest("too long", endless, TOO_MANY_TOKENS - 1, false));
      for (Outcome<ScoreResult> outcome :
          SplitRetry.answer(
                  scores,
                  some -> {
                    calls.incrementAndGet();
                    return engine.score(some, WorkListener.NONE);
                  })
              .outcomes()) {
        lines.add(
            outcome.succeeded()
                ? "scored " + Arrays.toString(outcome.result().tokenLogprobs())
                : "failed " + outcome.code() + " " + outcome.message());
      }
      lines.add("calls to score " + calls.getAndSet(0));
      for (Outcome<GenerateResult> outcome :
          SplitRetry.answer(
                  prompts,
                  some -> {
                    calls.incrementAndGet();
                    return engine.generate(some, WorkListener.NONE);
                  })
              .outcomes()) {
        lines.add(
            outcome.succeeded()
                ? "generated " + Arrays.toString(outcome.result().tokens())
                : "failed " + outcome.code() + " " + outcome.message());
      }
      lines.add("calls to generate " + calls.get());
    }
    return lines;
  }
}
