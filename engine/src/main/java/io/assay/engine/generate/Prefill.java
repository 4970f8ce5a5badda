package io.assay.engine.generate;

import io.assay.engine.backend.AttentionForm;
import io.assay.engine.backend.Backend;
import io.assay.engine.config.ModelConfig;
import io.assay.engine.model.Transformer;
import io.assay.engine.trace.RoutingRecord;
import io.assay.engine.trie.BatchBuilder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * The prompts of requests that join the batch, as far as they are not in the caches: each distinct
 * prefix is one row. Rows are numbered from those of the shared prefix, by position, to those that
 * are computed. Prompt rows are always computed expanded and only they are shared, so a prefix has
 * the same bits whoever computed it.
 */
final class Prefill {
  private final Transformer transformer;
  private final List<Member> members;
  private final SharedPrefix shared;
  private final boolean drafting;
  private final Map<Stretch, Integer> firstRows = new HashMap<>();
  private final List<int[]> rows = new ArrayList<>(); // [member][position]
  private final RoutingRecord routing;
  private final Transformer.Part part;
  private float[] states;

  /**
   * @param members at least one, in the lexicographic order of their prompts
   * @param shared what the first one's prompt begins with
   * @param drafting whether somebody may need the states of all prompt positions
   */
  Prefill(Transformer transformer, List<Member> members, SharedPrefix shared, boolean drafting) {
    this.transformer = transformer;
    this.members = List.copyOf(members);
    this.shared = shared;
    this.drafting = drafting;
    this.routing = new RoutingRecord(transformer.config().totalLayers());
    BatchBuilder builder = new BatchBuilder();
    IntStream.Builder tokens = IntStream.builder();
    for (Member m : members) {
      rows.add(place(m, builder, tokens));
    }
    int[] fed = tokens.build().toArray();
    if (shared.length() > 0) {
      int[] given = Member.rows(0, shared.length());
      routing.keep(shared.routing(), given);
    }
    // Drafting reads the states of all prompt positions, plain decoding only the last one's logits.
    int[] wanted =
        drafting ? null : lastRows().map(r -> r - shared.length()).distinct().sorted().toArray();
    this.part =
        new Transformer.Part(
            builder.build(fed), AttentionForm.EXPANDED, wanted, routing.part(shared.length()));
  }

  /** Adds what is new of a prompt to the batch and returns the row of each position. */
  private int[] place(Member m, BatchBuilder builder, IntStream.Builder tokens) {
    int[] prompt = m.text().request().prompt();
    int[] placed = new int[prompt.length];
    for (Stretch s : m.prompt().path()) {
      int first = s.from();
      if (!s.computed()) {
        first =
            firstRows.computeIfAbsent(
                s,
                added -> {
                  Arrays.stream(prompt, added.from(), added.to()).forEach(tokens::add);
                  return shared.length() + builder.add(added.cachedBefore(), added.own());
                });
      }
      for (int i = s.from(); i < s.to(); i++) {
        placed[i] = first + i - s.from();
      }
    }
    return placed;
  }

  private IntStream lastRows() {
    return rows.stream().mapToInt(r -> r[r.length - 1]);
  }

  Transformer.Part part() {
    return part;
  }

  List<Member> members() {
    return members;
  }

  /** Emits the first token of each member. */
  void finish(Backend.Rows hidden, TokenChoice choice) {
    firstRows.keySet().forEach(Stretch::setComputed);
    Backend backend = transformer.backend();
    Backend.Rows normed = backend.finalNorm(hidden, part.wanted());
    int[] at =
        lastRows()
            .map(r -> r - shared.length())
            .map(r -> drafting ? r : Arrays.binarySearch(part.wanted(), r))
            .toArray();
    Backend.Rows last = backend.select(normed, at);
    int[] best = transformer.head(last, new int[0], new int[0]).best();
    states =
        drafting
            ? joined(shared.states(), backend.read(transformer.moduleInput(hidden, normed)))
            : null;
    for (int i = 0; i < members.size(); i++) {
      Member m = members.get(i);
      m.text().countPrompt(routing, rows.get(i));
      m.text().emit(List.of(choice.next(m.text(), last, i, best[i])));
      m.advance(states, rows.get(i));
    }
    last.release();
    normed.release();
    hidden.release();
  }

  private static float[] joined(float[] before, float[] after) {
    if (before == null) {
      return after;
    }
    float[] all = Arrays.copyOf(before, Math.addExact(before.length, after.length));
    System.arraycopy(after, 0, all, before.length, after.length);
    return all;
  }

  /** The first {@code length} positions of the last member's prompt, for the next one's. */
  SharedPrefix prefix(int length) {
    if (length == 0) {
      return SharedPrefix.NONE;
    }
    ModelConfig config = transformer.config();
    int[] kept = Arrays.copyOf(rows.getLast(), length);
    RoutingRecord decisions = new RoutingRecord(config.totalLayers());
    decisions.keep(routing, kept);
    float[] keptStates = null;
    if (drafting) {
      int hidden = config.hiddenSize();
      keptStates = new float[Math.multiplyExact(length, hidden)];
      for (int i = 0; i < length; i++) {
        System.arraycopy(states, kept[i] * hidden, keptStates, i * hidden, hidden);
      }
    }
    Stretch end = members.getLast().prompt().endingAt(length);
    end.retain();
    return new SharedPrefix(end, length, decisions, keptStates);
  }
}
