package io.assay.engine.score;

import io.assay.engine.trace.SequenceBalance;
import java.util.List;
import java.util.stream.IntStream;

/** A request on its way to its result: what of it is scored so far. */
final class Pending {
  private final int index;
  private final ScoreRequest request;
  private final float[] logprobs; // [tokens.length - from]
  private int next;
  private int rows;
  private int balanced;
  private SequenceBalance balance;
  private boolean greedy = true;
  private final float[][] deeper; // [depth - 1][tokens predicted]
  private final int[] correct; // [depth - 1]

  /**
   * @param index place in the call
   * @param modules prediction modules that score it too
   */
  Pending(int index, ScoreRequest request, int modules) {
    this.index = index;
    this.request = request;
    this.logprobs = new float[request.tokens().length - request.from()];
    this.next = request.from();
    this.correct = new int[modules];
    this.deeper = new float[modules][];
    for (int depth = 1; depth <= modules; depth++) {
      deeper[depth - 1] = new float[Math.max(0, request.tokens().length - firstAt(depth))];
    }
  }

  /** The first index that is scored at a depth: with too little before it nothing is predicted. */
  private int firstAt(int depth) {
    return Math.max(request.from(), depth + 1);
  }

  int index() {
    return index;
  }

  ScoreRequest request() {
    return request;
  }

  int[] tokens() {
    return request.tokens();
  }

  /** Tokens that are fed: all but the last. */
  int fed() {
    return request.tokens().length - 1;
  }

  /** Rows computed so far because of it: those no request before it needed, or lost since. */
  int rows() {
    return rows;
  }

  void addRows(int more) {
    rows += more;
  }

  /** The first index that is to be scored and was not yet. */
  int next() {
    return next;
  }

  /** Says that the first {@code rows} fed tokens are computed, and what they predict scored. */
  void scoredAfter(int rows) {
    next = Math.max(next, rows + 1);
  }

  /**
   * @param depth of the prediction module, 0 for the main model
   * @param token index of the scored token
   * @param best arg-max in its place
   */
  void score(int depth, int token, float logprob, int best) {
    boolean hit = best == request.tokens()[token];
    if (depth == 0) {
      logprobs[token - request.from()] = logprob;
      greedy &= hit;
    } else {
      deeper[depth - 1][token - firstAt(depth)] = logprob;
      correct[depth - 1] += hit ? 1 : 0;
    }
  }

  /** What the prediction modules said, depth 1 first. */
  List<ModuleScore> modules() {
    return IntStream.range(0, deeper.length)
        .mapToObj(d -> ModuleScore.of(d + 1, deeper[d], correct[d]))
        .toList();
  }

  /** Has what the balance loss is computed from summed, over layers of which some have experts. */
  void startBalance(int totalLayers) {
    balance = SequenceBalance.none(totalLayers);
  }

  /** Sums over the first fed tokens; null if nobody asked. */
  SequenceBalance balance() {
    return balance;
  }

  /**
   * Says that the first {@code tokens} fed tokens are in {@link #balance}.
   *
   * @return how many were before
   */
  int balanceUpTo(int tokens) {
    int before = balanced;
    balanced = Math.max(before, tokens);
    return before;
  }

  float[] logprobs() {
    return logprobs;
  }

  boolean greedy() {
    return greedy;
  }
}
