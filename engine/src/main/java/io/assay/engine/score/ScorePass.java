package io.assay.engine.score;

import io.assay.engine.backend.AttentionForm;
import io.assay.engine.backend.Backend;
import io.assay.engine.backend.HeadResult;
import io.assay.engine.config.ModelConfig;
import io.assay.engine.model.MemoryBudget;
import io.assay.engine.model.Transformer;
import io.assay.engine.trace.ExpertCounts;
import io.assay.engine.trace.RoutingRecord;
import io.assay.engine.trie.Batch;
import io.assay.engine.trie.TokenTrie;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Rows of the sorted requests' trie that go through the layers together. A pass takes them depth
 * first, as many as its budget allows, and may stop within a request. All rows before that point
 * which later rows build on lie on the path to it, so this path is all that has to be kept: its
 * latents and routing decisions are handed to the next pass as its first, given rows.
 *
 * <p>Rows, slots and routing entries of a pass have the same numbers: given ones by position, then
 * the pass' own.
 */
final class ScorePass {
  /** A log-probability to take from the head: of the token at this index, predicted by the row. */
  private record Target(int row, Pending request, int token) {}

  private final Transformer transformer;
  private final ModelConfig config;
  private final MemoryBudget budget;
  private final List<Pending> requests;
  private final TokenTrie trie;
  private final RoutingRecord routing;
  private final List<int[]> paths = new ArrayList<>();
  private final int first;

  /**
   * The pass after another, or the first.
   *
   * @param requests all of the call, sorted by the tokens they feed
   * @param before null for the first
   */
  ScorePass(
      Transformer transformer, MemoryBudget budget, List<Pending> requests, ScorePass before) {
    this.transformer = transformer;
    this.config = transformer.config();
    this.budget = budget;
    this.requests = requests;
    this.first = before == null ? 0 : before.end();
    int[] kept = before == null ? new int[0] : before.keep();
    this.trie = new TokenTrie(requests.get(first).tokens(), kept.length);
    int lost = before == null ? 0 : before.shared() - kept.length;
    fill(Math.max(budget.pass(), 2 * lost));
    this.routing = new RoutingRecord(config.totalLayers());
    if (before != null) {
      routing.keep(before.routing, kept, trie.rows());
    }
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
      } else {
        if (divisible) {
          trie.add(request.tokens(), depth);
        }
        return;
      }
    }
  }

  /** Rows computed. */
  int rows() {
    return trie.rows() - trie.given();
  }

  /** Index of the first request that is not finished. */
  int end() {
    return first + paths.size();
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
  private int[] keep() {
    return Arrays.copyOf(trie.lastRows(), Math.min(shared(), budget.kept()));
  }

  /** Computes the rows and scores what they predict. */
  void run(KeptLatents latents) {
    List<Batch> batches = trie.batches(budget.slice());
    List<List<Target>> targets = targets(batches.size());
    List<Transformer.Part> parts = new ArrayList<>();
    for (int i = 0; i < batches.size(); i++) {
      int firstRow = trie.given() + i * budget.slice();
      int[] wanted =
          targets.get(i).stream().mapToInt(t -> t.row() - firstRow).distinct().sorted().toArray();
      parts.add(
          new Transformer.Part(
              batches.get(i), AttentionForm.EXPANDED, wanted, routing.part(firstRow, trie.rows())));
    }
    latents.begin(trie.rows(), keep());
    List<Backend.Rows> states = transformer.forward(parts, latents, null);
    for (int i = 0; i < parts.size(); i++) {
      if (!targets.get(i).isEmpty()) {
        int firstRow = trie.given() + i * budget.slice();
        score(states.get(i), parts.get(i).wanted(), firstRow, targets.get(i));
      }
      states.set(i, null); // no longer needed, and large
    }
  }

  /** What the rows predict, by slice. */
  private List<List<Target>> targets(int slices) {
    List<List<Target>> targets = new ArrayList<>();
    for (int i = 0; i < slices; i++) {
      targets.add(new ArrayList<>());
    }
    for (int i = 0; i < paths.size(); i++) {
      Pending request = requests.get(first + i);
      collect(request, paths.get(i), request.fed(), targets);
    }
    // Requests of later passes may share rows of this one, ever fewer as they are sorted.
    int[] path = trie.lastRows();
    int before = 0;
    while (before < path.length && path[before] < trie.given()) {
      before++;
    }
    for (int i = end(); i < requests.size(); i++) {
      Pending request = requests.get(i);
      int common = trie.common(request.tokens(), request.fed());
      if (common <= before) {
        break;
      }
      collect(request, path, common, targets);
    }
    return targets;
  }

  private void collect(Pending request, int[] path, int rows, List<List<Target>> targets) {
    for (int token = request.next(); token <= rows; token++) {
      int row = path[token - 1];
      targets.get((row - trie.given()) / budget.slice()).add(new Target(row, request, token));
    }
    request.scoredAfter(rows);
  }

  private void score(Backend.Rows states, int[] wanted, int firstRow, List<Target> targets) {
    Backend backend = transformer.backend();
    int[] rows = new int[targets.size()];
    int[] tokens = new int[targets.size()];
    for (int i = 0; i < rows.length; i++) {
      Target target = targets.get(i);
      rows[i] = Arrays.binarySearch(wanted, target.row() - firstRow);
      tokens[i] = target.request().tokens()[target.token()];
    }
    HeadResult head = transformer.head(backend.finalNorm(states, wanted), rows, tokens);
    for (int i = 0; i < rows.length; i++) {
      Target target = targets.get(i);
      target.request().score(target.token(), head.logprobs()[i], head.best()[rows[i]]);
    }
  }

  /**
   * Puts the results of the requests this pass finishes where they belong.
   *
   * @param results of the whole call
   * @return tokens those requests would have fed one by one
   */
  long finish(ScoreResult[] results) {
    long submitted = 0;
    for (int i = 0; i < paths.size(); i++) {
      Pending request = requests.get(first + i);
      results[request.index()] = result(request, paths.get(i));
      submitted += request.fed();
    }
    return submitted;
  }

  private ScoreResult result(Pending request, int[] path) {
    ExpertCounts counts = RoutingRecord.none(config.totalLayers());
    if (config.ffn().routing() != null) {
      routing.addTo(counts, path, 0, path.length, config.ffn().routing().experts());
    }
    double sum = 0;
    for (float logprob : request.logprobs()) {
      sum += logprob;
    }
    return new ScoreResult(
        request.request().id(),
        request.logprobs(),
        sum,
        request.greedy(),
        counts,
        request.request().experts() ? routing.ids(path) : null);
  }
}
