package io.assay.job.answer;

import io.assay.engine.Engine.Answers;
import io.assay.engine.EngineException;
import io.assay.engine.WorkStats;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Asks the engine for many answers at once and, when it refuses the batch because of a request in
 * it or for want of memory, asks again in halves: one bad request costs itself and nothing else.
 */
public final class SplitRetry {
  private SplitRetry() {}

  /**
   * What became of the requests.
   *
   * @param outcomes one for each request, in order
   * @param stats what the successful calls cost
   */
  public record Answered<R>(List<Outcome<R>> outcomes, WorkStats stats) {}

  /**
   * Answers every request.
   *
   * @param engine a call of the engine; an {@link EngineException} that has nothing to do with
   *     single requests ends the whole call
   */
  public static <Q, R> Answered<R> answer(List<Q> requests, Function<List<Q>, Answers<R>> engine) {
    if (requests.isEmpty()) {
      return new Answered<>(List.of(), new WorkStats(0, 0, 0));
    }
    try {
      Answers<R> answers = engine.apply(requests);
      return new Answered<>(answers.results().stream().map(Outcome::of).toList(), answers.stats());
    } catch (EngineException e) {
      if (!splittable(e)) {
        throw e;
      }
      if (requests.size() == 1) {
        return new Answered<>(
            List.of(Outcome.failed(e.code(), e.getMessage())), new WorkStats(0, 0, 0));
      }
    }
    int middle = requests.size() / 2;
    Answered<R> head = answer(requests.subList(0, middle), engine);
    Answered<R> tail = answer(requests.subList(middle, requests.size()), engine);
    List<Outcome<R>> outcomes = new ArrayList<>(requests.size());
    outcomes.addAll(head.outcomes());
    outcomes.addAll(tail.outcomes());
    return new Answered<>(outcomes, head.stats().plus(tail.stats()));
  }

  private static boolean splittable(EngineException e) {
    return switch (e.code()) {
      case REQUEST_INVALID, OUT_OF_MEMORY -> true;
      case MODEL_NOT_FOUND,
          CONFIG_INVALID,
          MODEL_UNSUPPORTED,
          CHECKPOINT_CORRUPT,
          TENSOR_MISSING,
          TENSOR_SHAPE,
          TENSOR_NOT_FINITE,
          TOKENIZER_INVALID,
          BACKEND_UNAVAILABLE,
          GOLDEN_INVALID ->
          false;
    };
  }
}
