package io.assay.engine.score;

import io.assay.engine.backend.AttentionForm;
import io.assay.engine.backend.Backend;
import io.assay.engine.config.ModelConfig;
import io.assay.engine.model.MemoryBudget;
import io.assay.engine.model.Transformer;
import io.assay.engine.trace.ExpertCounts;
import io.assay.engine.trace.RoutingObserver;
import io.assay.engine.trace.RoutingRecord;
import io.assay.engine.trace.SequenceObserver;
import io.assay.engine.trie.Batch;
import io.assay.engine.trie.TokenTrie;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Rows of the sorted requests' trie that go through the layers together; {@link PassRows} says
 * which. Latents and routing decisions of the path the next pass builds on are handed to it as
 * those of its first, given rows.
 *
 * <p>Rows, slots and routing entries of a pass have the same numbers: given ones by position, then
 * the pass' own.
 */
final class ScorePass {
  private final Transformer transformer;
  private final ModelConfig config;
  private final int slice;
  private final List<Pending> requests;
  private final PassRows rows;
  private final TokenTrie trie;
  private final RoutingRecord routing;

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
    this.slice = budget.slice();
    this.requests = requests;
    this.rows = new PassRows(budget, requests, before == null ? null : before.rows);
    this.trie = rows.trie();
    this.routing = new RoutingRecord(config.totalLayers());
    if (before != null) {
      routing.keep(before.routing, before.rows.keep());
    }
  }

  /** Rows computed. */
  int rows() {
    return rows.rows();
  }

  /** Index of the first request that is not finished. */
  int end() {
    return rows.end();
  }

  /**
   * Computes the rows and scores what they predict.
   *
   * @param modules prediction modules that go over the rows too
   */
  void run(KeptLatents latents, ModuleRows modules) {
    List<Batch> batches = trie.batches(slice);
    List<SliceTargets> targets = new ArrayList<>();
    List<List<SequenceObserver.Stretch>> sequences = new ArrayList<>();
    for (int i = 0; i < batches.size(); i++) {
      targets.add(new SliceTargets());
      sequences.add(new ArrayList<>());
    }
    collect(targets, sequences);
    List<Transformer.Part> parts = new ArrayList<>();
    for (int i = 0; i < batches.size(); i++) {
      int firstRow = firstRow(i);
      RoutingObserver observer = routing.part(firstRow);
      if (!sequences.get(i).isEmpty()) {
        observer = observer.and(new SequenceObserver(config.ffn().routing(), sequences.get(i)));
      }
      // Modules read every row.
      int[] wanted = modules.asked() ? null : within(targets.get(i).rows(), firstRow);
      parts.add(new Transformer.Part(batches.get(i), AttentionForm.EXPANDED, wanted, observer));
    }
    latents.begin(trie.rows(), rows.keep());
    List<Backend.Rows> states = transformer.forward(parts, latents, null);
    float[][] read = modules.states(trie);
    for (int i = 0; i < parts.size(); i++) {
      score(states.get(i), firstRow(i), targets.get(i));
      if (modules.asked()) {
        modules.put(transformer.moduleInput(states.get(i)), read, parts.get(i).batch().slots());
      }
      states.get(i).release();
      states.set(i, null); // no longer needed, and large
    }
    modules.run(trie, batches, read, rows.keep(), latents, targets);
  }

  private int firstRow(int slice) {
    return trie.given() + slice * this.slice;
  }

  private static int[] within(int[] rows, int firstRow) {
    return Arrays.stream(rows).map(row -> row - firstRow).toArray();
  }

  private void score(Backend.Rows states, int firstRow, SliceTargets targets) {
    if (!targets.isEmpty()) {
      int[] own = within(targets.rows(), firstRow);
      Backend.Rows normed = transformer.backend().finalNorm(states, own);
      targets.score(transformer, normed, 0);
      normed.release();
    }
  }

  /** What the rows predict, and whose balance they belong to, by slice. */
  private void collect(List<SliceTargets> targets, List<List<SequenceObserver.Stretch>> sequences) {
    for (int i = rows.first(); i < end(); i++) {
      Pending request = requests.get(i);
      collect(request, path(i), request.fed(), targets);
      collectSequence(request, path(i), request.fed(), sequences);
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
      collectSequence(request, path, common, sequences);
    }
  }

  private void collectSequence(
      Pending request, int[] path, int fed, List<List<SequenceObserver.Stretch>> sequences) {
    if (request.balance() == null) {
      return;
    }
    int from = request.balanceUpTo(fed);
    while (from < fed) {
      // Rows ascend along a path.
      int slice = (path[from] - trie.given()) / this.slice;
      int firstRow = firstRow(slice);
      int to = from + 1;
      while (to < fed && path[to] < firstRow + this.slice) {
        to++;
      }
      int[] own = Arrays.stream(path, from, to).map(row -> row - firstRow).toArray();
      sequences.get(slice).add(new SequenceObserver.Stretch(request.balance(), own));
      from = to;
    }
  }

  private void collect(Pending request, int[] path, int fed, List<SliceTargets> targets) {
    for (int token = request.next(); token <= fed; token++) {
      int row = path[token - 1];
      targets.get((row - trie.given()) / slice).add(row, request, token);
    }
    request.scoredAfter(fed);
  }

  /**
   * Puts the results of the requests this pass finishes where they belong.
   *
   * @param results of the whole call
   * @return tokens those requests would have fed one by one
   */
  long finish(ScoreResult[] results) {
    long submitted = 0;
    for (int i = rows.first(); i < end(); i++) {
      Pending request = requests.get(i);
      results[request.index()] = result(request, path(i));
      submitted += request.fed();
    }
    return submitted;
  }

  /** Rows of a request this pass finishes. */
  private int[] path(int request) {
    return rows.paths().get(request - rows.first());
  }

  private ScoreResult result(Pending request, int[] path) {
    ExpertCounts counts = RoutingRecord.none(config.totalLayers());
    if (config.ffn().routing() != null) {
      routing.addTo(counts, path, 0, path.length, config.ffn().routing());
    }
    return new ScoreResult(
        request.request().id(),
        request.logprobs(),
        ScoreResult.sum(request.logprobs()),
        request.greedy(),
        counts,
        request.request().experts() ? routing.ids(path) : null,
        request.balance(),
        request.modules());
  }
}
