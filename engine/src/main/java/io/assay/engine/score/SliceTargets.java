package io.assay.engine.score;

import io.assay.engine.backend.Backend;
import io.assay.engine.backend.HeadResult;
import io.assay.engine.model.Transformer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Log-probabilities to take from the vocabulary head, of tokens that rows of one slice predict. */
final class SliceTargets {
  private record Target(int row, Pending request, int token) {}

  private final List<Target> targets = new ArrayList<>();

  /**
   * @param row of the pass
   * @param token index of the token it predicts
   */
  void add(int row, Pending request, int token) {
    targets.add(new Target(row, request, token));
  }

  boolean isEmpty() {
    return targets.isEmpty();
  }

  /** Those a prediction module of this depth predicts too: it has no rows before this position. */
  SliceTargets atDepth(int depth) {
    SliceTargets deep = new SliceTargets();
    targets.stream().filter(target -> target.token() > depth).forEach(deep.targets::add);
    return deep;
  }

  /** Rows that predict, ascending, each once. */
  int[] rows() {
    return targets.stream().mapToInt(Target::row).distinct().sorted().toArray();
  }

  /**
   * Scores the targets.
   *
   * @param normalised states of {@link #rows}, in their order, after the norm before the head
   * @param depth of the module they are from, 0 for the main model
   */
  void score(Transformer transformer, Backend.Rows normalised, int depth) {
    int[] rows = rows();
    int[] predictors = new int[targets.size()];
    int[] tokens = new int[targets.size()];
    for (int i = 0; i < predictors.length; i++) {
      Target target = targets.get(i);
      predictors[i] = Arrays.binarySearch(rows, target.row());
      tokens[i] = target.request().tokens()[target.token()];
    }
    HeadResult head = transformer.head(normalised, predictors, tokens);
    for (int i = 0; i < predictors.length; i++) {
      Target target = targets.get(i);
      target.request().score(depth, target.token(), head.logprobs()[i], head.best()[predictors[i]]);
    }
  }
}
