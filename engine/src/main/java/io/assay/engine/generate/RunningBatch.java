package io.assay.engine.generate;

import io.assay.engine.backend.AttentionForm;
import io.assay.engine.backend.Backend;
import io.assay.engine.backend.HeadResult;
import io.assay.engine.model.Transformer;
import io.assay.engine.speculative.DraftStep;
import io.assay.engine.trace.RoutingRecord;
import io.assay.engine.trie.Batch;
import io.assay.engine.trie.BatchBuilder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Requests that are answered together. Every pass extends each by one token, or by the drafts the
 * main model agrees with; newcomers join with their prompts and those that are finished leave.
 */
final class RunningBatch {
  /** Tokens of a member that go through the main model: its last one and the drafts after it. */
  private record Fed(Member member, int[] tokens, int firstRow) {}

  private final Transformer transformer;
  private final Backend backend;
  private final LatentCaches caches;
  private final TokenChoice choice;
  private final List<Member> members = new ArrayList<>();
  private long computed;

  RunningBatch(Transformer transformer, LatentCaches caches) {
    this.transformer = transformer;
    this.backend = transformer.backend();
    this.caches = caches;
    this.choice = new TokenChoice(transformer);
  }

  int size() {
    return members.size();
  }

  /** Rows computed by the main model so far. */
  long computed() {
    return computed;
  }

  /**
   * One pass through the main model.
   *
   * @param joining newcomers, which get their first token; null for none
   */
  void pass(Prefill joining) {
    List<Transformer.Part> parts = new ArrayList<>();
    BatchBuilder builder = new BatchBuilder();
    List<Fed> fed = feed(builder);
    RoutingRecord routing = new RoutingRecord(transformer.config().totalLayers());
    if (!fed.isEmpty()) {
      int[] tokens = fed.stream().flatMapToInt(f -> Arrays.stream(f.tokens())).toArray();
      Batch batch = builder.build(tokens);
      parts.add(new Transformer.Part(batch, AttentionForm.ABSORBED, null, routing.part(0)));
    }
    if (joining != null) {
      parts.add(joining.part());
    }
    List<Backend.Rows> hidden =
        transformer.forward(parts, l -> caches.main().caches().get(l), null);
    computed += parts.stream().mapToLong(p -> p.batch().rows()).sum();
    if (!fed.isEmpty()) {
      verify(fed, hidden.getFirst(), routing);
    }
    if (joining != null) {
      joining.finish(hidden.getLast(), choice);
      members.addAll(joining.members());
    }
  }

  /** Lets those go that are finished. */
  List<Member> leave() {
    List<Member> finished = members.stream().filter(m -> m.text().finished()).toList();
    members.removeIf(m -> m.text().finished());
    finished.forEach(Member::leave);
    return finished;
  }

  private List<Fed> feed(BatchBuilder builder) {
    List<Member> drafting = members.stream().filter(m -> m.drafting() != null).toList();
    int[][] drafts = new int[0][];
    if (!drafting.isEmpty()) {
      drafts = caches.drafter().draft(drafting.stream().map(Member::drafting).toList());
    }
    List<Fed> fed = new ArrayList<>();
    int drafted = 0;
    for (Member m : members) {
      IntStream tokens = IntStream.of(m.text().lastToken());
      if (m.drafting() != null) {
        tokens = IntStream.concat(tokens, Arrays.stream(drafts[drafted++]));
      }
      int[] all = tokens.toArray();
      fed.add(new Fed(m, all, builder.add(m.cached(), m.next(all.length))));
    }
    return fed;
  }

  private void verify(List<Fed> fed, Backend.Rows hidden, RoutingRecord routing) {
    Backend.Rows normed = backend.finalNorm(hidden, null);
    boolean drafting = fed.stream().anyMatch(f -> f.member().drafting() != null);
    boolean entropies = fed.stream().anyMatch(RunningBatch::entropiesWanted);
    HeadResult head = transformer.head(normed, new int[0], new int[0], entropies);
    float[] states = drafting ? backend.read(transformer.moduleInput(hidden, normed)) : null;
    for (Fed f : fed) {
      verify(f, normed, head, states, routing);
    }
    normed.release();
    hidden.release();
  }

  private static boolean entropiesWanted(Fed fed) {
    return fed.member().drafting() != null && fed.member().text().request().entropies();
  }

  /** What the main model knew about the place of each draft. */
  private static List<Float> entropies(Fed fed, HeadResult head) {
    if (!entropiesWanted(fed)) {
      return List.of();
    }
    List<Float> entropies = new ArrayList<>();
    for (int d = 0; d < fed.tokens().length - 1; d++) {
      entropies.add(head.entropies()[fed.firstRow() + d]);
    }
    return List.copyOf(entropies);
  }

  /** Keeps the drafts that equal the main model's choices, and the choice after them. */
  private void verify(
      Fed fed, Backend.Rows normed, HeadResult head, float[] states, RoutingRecord routing) {
    Continuation text = fed.member().text();
    int[] best = head.best();
    int[] tokens = fed.tokens();
    int known = text.length();
    int accepted = 0;
    while (accepted < tokens.length - 1
        && tokens[accepted + 1] == best[fed.firstRow() + accepted]) {
      accepted++;
    }
    List<Integer> emitted = new ArrayList<>();
    for (int i = 0; i < accepted; i++) {
      emitted.add(tokens[i + 1]);
    }
    int at = fed.firstRow() + accepted;
    emitted.add(choice.next(text, normed, at, best[at]));
    text.countMainStep();
    if (fed.member().drafting() != null) {
      List<Integer> drafts = Arrays.stream(tokens).skip(1).boxed().toList();
      text.record(new DraftStep(known, drafts, accepted, emitted, entropies(fed, head)));
    }
    text.emit(emitted);
    int[] rows = Member.rows(fed.firstRow(), accepted + 1);
    // Accepted rows past the end of the text were never part of it.
    text.countGenerated(routing, rows, Math.min(rows.length, text.length() - known));
    fed.member().advance(states, rows);
  }
}
