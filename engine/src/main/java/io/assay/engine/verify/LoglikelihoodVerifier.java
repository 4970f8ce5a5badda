package io.assay.engine.verify;

import io.assay.engine.Engine;
import io.assay.engine.WorkListener;
import io.assay.engine.score.ScoreRequest;
import io.assay.engine.score.ScoreResult;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * {@code loglikelihood.json}: whole {@code sequences} scored from their second token on, and {@code
 * pairs} of context and continuation. All are asked in one batch.
 */
final class LoglikelihoodVerifier {
  /** Of {@code count} scored tokens; {@code tokens} is null where only the sum is given. */
  private record Expected(String place, int count, float[] tokens, double sum, boolean greedy) {}

  private LoglikelihoodVerifier() {}

  static List<Check> checks(Engine engine, GoldenJson file, Inputs inputs) {
    List<ScoreRequest> requests = new ArrayList<>();
    List<Expected> expected = new ArrayList<>();
    for (GoldenJson item : file.optional("sequences").map(GoldenJson::list).orElse(List.of())) {
      String name = item.get("name").text();
      int[] ids = inputs.sequences().get(name);
      if (ids == null) {
        throw item.invalid("names the sequence \"" + name + "\", which inputs.json does not have");
      }
      // The first token has nothing before it: a sequence of one has nothing to score.
      if (ids.length > 1) {
        requests.add(new ScoreRequest(name, ids, 1));
        expected.add(expected(item, name, "greedy", ids.length - 1));
      }
    }
    int vocabulary = engine.config().vocabSize();
    List<GoldenJson> pairs = file.optional("pairs").map(GoldenJson::list).orElse(List.of());
    for (int i = 0; i < pairs.size(); i++) {
      GoldenJson pair = pairs.get(i);
      int[] context = pair.get("context").ids(vocabulary);
      int[] continuation = pair.get("continuation").ids(vocabulary);
      if (context.length == 0 || continuation.length == 0) {
        throw pair.invalid("has an empty context or continuation");
      }
      int[] tokens = IntStream.concat(IntStream.of(context), IntStream.of(continuation)).toArray();
      requests.add(new ScoreRequest("pair " + i, tokens, context.length));
      expected.add(expected(pair, "pair " + i, "is_greedy", continuation.length));
    }
    Tolerances tolerances = new Tolerances(engine.precision());
    return compare(engine.score(requests, WorkListener.NONE).results(), expected, tolerances);
  }

  private static Expected expected(GoldenJson item, String place, String greedy, int count) {
    float[] tokens = item.optional("token_logprobs").map(GoldenJson::floats).orElse(null);
    if (tokens != null && tokens.length != count) {
      throw item.invalid("has " + tokens.length + " token_logprobs for " + count + " tokens");
    }
    double sum = item.optional("sum_fp64").orElseGet(() -> item.get("sum")).number();
    return new Expected(place, count, tokens, sum, item.get(greedy).flag());
  }

  private static List<Check> compare(
      List<ScoreResult> results, List<Expected> expected, Tolerances tolerances) {
    String file = GoldenCase.LOGLIKELIHOOD;
    Comparison tokens =
        tolerances.values("token log-probabilities", file, tolerances.logProbability());
    Comparison sums = tolerances.values("log-likelihoods", file, tolerances.logProbability());
    Comparison greedy = tolerances.choices("greedy flags", file);
    boolean any = false;
    for (int i = 0; i < expected.size(); i++) {
      Expected wanted = expected.get(i);
      ScoreResult found = results.get(i);
      if (wanted.tokens() != null) {
        any = true;
        tokens.near(
            found.tokenLogprobs(),
            wanted.tokens(),
            tolerances.logProbability(),
            t -> wanted.place() + " scored token " + t);
      }
      sums.near(
          found.sumLogprob(),
          wanted.sum(),
          tolerances.logProbability() * wanted.count(),
          wanted::place);
      greedy.equal(found.greedy(), wanted.greedy(), wanted::place);
    }
    return any
        ? List.of(tokens.check(), sums.check(), greedy.check())
        : List.of(sums.check(), greedy.check());
  }
}
