package io.assay.eval.translation;

import java.util.Arrays;
import java.util.List;

/**
 * Cheapest way from one list of words to another by insertions, deletions and substitutions, each
 * of cost 1 (Levenshtein), searched within a beam around the diagonal.
 */
final class EditPath {
  private static final int BEAM = 25;
  private static final int UNREACHED = Integer.MAX_VALUE / 2;

  private enum Step {
    MATCH,
    SUBSTITUTE,
    DELETE,
    INSERT
  }

  private final int cost;
  private final int[] aligned;
  private final int[] wrongWords;
  private final int[] wrongReferences;

  EditPath(List<String> words, List<String> reference) {
    int n = words.size();
    int m = reference.size();
    int[][] costs = new int[n + 1][m + 1];
    Step[][] steps = new Step[n + 1][m + 1];
    for (int j = 0; j <= m; j++) {
      costs[0][j] = j;
      steps[0][j] = Step.INSERT;
    }
    double ratio = n == 0 ? 1 : (double) m / n;
    // Wide enough that the beams of neighbouring rows overlap, whatever the lengths.
    int width = BEAM < ratio / 2 ? (int) Math.ceil(ratio / 2 + BEAM) : BEAM;
    for (int i = 1; i <= n; i++) {
      Arrays.fill(costs[i], UNREACHED);
      int diagonal = (int) Math.floor(i * ratio);
      int end = i == n ? m : Math.min(m, diagonal + width - 1);
      for (int j = Math.max(0, diagonal - width); j <= end; j++) {
        step(costs, steps, i, j, j > 0 && words.get(i - 1).equals(reference.get(j - 1)));
      }
    }
    this.cost = costs[n][m];
    this.aligned = new int[m];
    this.wrongWords = new int[n + 1];
    this.wrongReferences = new int[m + 1];
    trace(steps, n, m);
  }

  /** Of equally cheap steps, a match or substitution goes before a deletion, then an insertion. */
  private static void step(int[][] costs, Step[][] steps, int i, int j, boolean equal) {
    if (j > 0) {
      int both = costs[i - 1][j - 1] + (equal ? 0 : 1);
      if (both < costs[i][j]) {
        costs[i][j] = both;
        steps[i][j] = equal ? Step.MATCH : Step.SUBSTITUTE;
      }
    }
    if (costs[i - 1][j] + 1 < costs[i][j]) {
      costs[i][j] = costs[i - 1][j] + 1;
      steps[i][j] = Step.DELETE;
    }
    if (j > 0 && costs[i][j - 1] + 1 < costs[i][j]) {
      costs[i][j] = costs[i][j - 1] + 1;
      steps[i][j] = Step.INSERT;
    }
  }

  /** Follows the path back, and counts errors from the start up to each word. */
  private void trace(Step[][] steps, int n, int m) {
    int i = n;
    int j = m;
    while (i > 0 || j > 0) {
      Step step = steps[i][j];
      int error = step == Step.MATCH ? 0 : 1;
      if (step != Step.DELETE) {
        aligned[j - 1] = i - 1;
        wrongReferences[j--] = error;
      }
      if (step != Step.INSERT) {
        wrongWords[i--] = error;
      }
    }
    addUp(wrongWords);
    addUp(wrongReferences);
  }

  private static void addUp(int[] errors) {
    for (int k = 1; k < errors.length; k++) {
      errors[k] += errors[k - 1];
    }
  }

  /** Number of edits. */
  int cost() {
    return cost;
  }

  /** The word a word of the reference belongs to; the one before it if it was inserted. */
  int aligned(int reference) {
    return aligned[reference];
  }

  /**
   * Whether a block of words that stands in the reference too is wrong at both places, and not
   * already aligned with itself.
   */
  boolean worthMoving(int start, int from, int length) {
    return wrongWords[start + length] > wrongWords[start]
        && wrongReferences[from + length] > wrongReferences[from]
        && !(start <= aligned[from] && aligned[from] < start + length);
  }
}
