package io.assay.engine.score;

import io.assay.engine.model.MemoryBudget;
import io.assay.engine.trie.TokenTrie;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Which rows of the sorted requests' trie a pass computes, found without computing any: scoring and
 * planning cut passes here, so a plan's numbers are those of the run.
 *
 * <p>A pass takes rows depth first, as many as its budget allows, and may stop within a request.
 * All rows before that point which later rows build on lie on the path to it, so this path is all
 * that has to be kept: the next pass begins with it as its first, given rows.
 */
final class PassRows {
  private final MemoryBudget budget;
  private final List<Pending> requests;
  private final TokenTrie trie;
  private final List<int[]> paths = new ArrayList<>();
  private final int first;

  /**
   * The rows after another pass', or the first.
   *
   * @param requests all of the call, sorted by the tokens they feed
   * @param before null for the first
   */
  PassRows(MemoryBudget budget, List<Pending> requests, PassRows before) {
    this.budget = budget;
    this.requests = requests;
    this.first = before == null ? 0 : before.end();
    int kept = before == null ? 0 : before.keep().length;
    this.trie = new TokenTrie(requests.get(first).tokens(), kept);
    int lost = before == null ? 0 : before.shared() - kept;
    fill(Math.max(budget.pass(), 2 * lost));
  }

  /**
   * Takes requests while there is room, the last perhaps in part. Where the path to the cut would
   * be too long to keep, a request is taken whole or left to the next pass.
   *
   * @param room rows: the budget's, and where a shared prefix is too long to keep at least as many
   *     new rows as have to be computed again
   */
  private void fill(int room) {
    for (int i = first; i < requests.size(); i++) {
      Pending request = requests.get(i);
      int rows = rows();
      int more = trie.newRows(request.tokens(), request.fed());
      int depth = request.fed() - more + room - rows;
      boolean divisible = rows < room && depth <= budget.kept();
      if (more == 0 || more <= room - rows || (rows == 0 && !divisible)) {
        paths.add(trie.add(request.tokens(), request.fed()));
        request.addRows(more);
      } else {
        if (divisible) {
          trie.add(request.tokens(), depth);
          request.addRows(rows() - rows);
        }
        return;
      }
    }
  }

  TokenTrie trie() {
    return trie;
  }

  /** Rows computed. */
  int rows() {
    return trie.rows() - trie.given();
  }

  /** Index of the first request that was not finished before. */
  int first() {
    return first;
  }

  /** Index of the first request that is not finished. */
  int end() {
    return first + paths.size();
  }

  /** Rows of each request from {@link #first} to {@link #end}, by position. */
  List<int[]> paths() {
    return paths;
  }

  /** Tokens of the next request that are computed. */
  private int shared() {
    if (end() == requests.size()) {
      return 0;
    }
    Pending next = requests.get(end());
    return trie.common(next.tokens(), next.fed());
  }

  /** The rows the next pass is given. */
  int[] keep() {
    return Arrays.copyOf(trie.lastRows(), Math.min(shared(), budget.kept()));
  }
}
