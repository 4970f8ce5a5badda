package io.assay.engine.generate;

import io.assay.engine.backend.AttentionForm;
import io.assay.engine.backend.Backend;
import io.assay.engine.backend.HeadResult;
import io.assay.engine.config.ModelConfig;
import io.assay.engine.model.MtpModule;
import io.assay.engine.model.Transformer;
import io.assay.engine.speculative.DraftStep;
import io.assay.engine.speculative.Drafter;
import io.assay.engine.trace.ExpertCounts;
import io.assay.engine.trace.RoutingRecord;
import io.assay.engine.trie.Batch;
import io.assay.engine.trie.BatchBuilder;
import io.assay.engine.trie.TokenTrie;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Requests that are answered together: their prompts are computed as one trie, then every pass
 * extends each of them by one token, or by the drafts the main model agrees with.
 */
final class Wave {
  /** A continuation with its places in the caches. */
  private static final class Member {
    private final Continuation text;
    private final int[] promptRows;
    private final List<Batch.Segment> prompt;
    private final int ownSlot;
    private final Drafter.Sequence drafting;
    private int[] fed = new int[0];
    private int firstRow;

    Member(Continuation text, int[] promptRows, int ownSlot, Drafter.Sequence drafting) {
      this.text = text;
      this.promptRows = promptRows;
      this.prompt = BatchBuilder.segments(promptRows);
      this.ownSlot = ownSlot;
      this.drafting = drafting;
    }

    /** Everything cached before the next row, from the start. */
    List<Batch.Segment> cached() {
      int own = text.length() - 1 - promptRows.length;
      if (own == 0) {
        return prompt;
      }
      List<Batch.Segment> all = new ArrayList<>(prompt);
      all.add(new Batch.Segment(ownSlot, own, promptRows.length));
      return all;
    }
  }

  private final Transformer transformer;
  private final Backend backend;
  private final ModelConfig config;
  private final TokenTrie trie = new TokenTrie();
  private final List<Member> members = new ArrayList<>();
  private final Backend.Cache[] caches;
  private final Drafter drafter;
  private long computed;

  /**
   * @param texts in the lexicographic order of their prompts
   * @param batchRows most rows of a drafting pass
   */
  Wave(Transformer transformer, List<MtpModule> modules, List<Continuation> texts, int batchRows) {
    this.transformer = transformer;
    this.backend = transformer.backend();
    this.config = transformer.config();
    List<int[]> rows = new ArrayList<>();
    for (Continuation text : texts) {
      rows.add(trie.add(text.request().prompt(), text.request().prompt().length));
    }
    int slots = trie.rows();
    int draftSlots = 0;
    for (int i = 0; i < texts.size(); i++) {
      Continuation text = texts.get(i);
      int own = text.request().maxNewTokens() + text.drafts();
      Drafter.Sequence drafting = null;
      if (text.drafts() > 0) {
        drafting = new Drafter.Sequence(draftSlots, config.hiddenSize());
        draftSlots = Math.addExact(draftSlots, rows.get(i).length + own);
      }
      members.add(new Member(text, rows.get(i), slots, drafting));
      slots = Math.addExact(slots, own);
    }
    caches = new Backend.Cache[config.numLayers()];
    for (int l = 0; l < caches.length; l++) {
      caches[l] = backend.cache(slots);
    }
    drafter = draftSlots == 0 ? null : new Drafter(transformer, modules, draftSlots, batchRows);
  }

  /** Answers all members and returns the rows computed by the main model. */
  long run() {
    prefill();
    List<Member> active = unfinished(members);
    while (!active.isEmpty()) {
      step(active);
      active = unfinished(active);
    }
    return computed;
  }

  private static List<Member> unfinished(List<Member> members) {
    return members.stream().filter(m -> !m.text.finished()).toList();
  }

  private void prefill() {
    Batch batch = trie.batch(0);
    computed += batch.rows();
    // Drafting reads the states of all prompt positions, plain decoding only the last one's logits.
    int[] wanted =
        members.stream()
            .flatMapToInt(
                m ->
                    m.drafting == null
                        ? IntStream.of(m.promptRows[m.promptRows.length - 1])
                        : Arrays.stream(m.promptRows))
            .distinct()
            .sorted()
            .toArray();
    RoutingRecord routing = new RoutingRecord(config.totalLayers());
    Backend.Rows hidden =
        transformer.forward(batch, l -> caches[l], AttentionForm.EXPANDED, wanted, routing, null);
    Backend.Rows normed = backend.finalNorm(hidden, wanted);
    int[] place = new int[batch.rows()];
    for (int i = 0; i < wanted.length; i++) {
      place[wanted[i]] = i;
    }
    int[] last =
        members.stream().mapToInt(m -> place[m.promptRows[m.promptRows.length - 1]]).toArray();
    Backend.Rows lastRows = backend.select(normed, last);
    int[] best = transformer.head(lastRows, new int[0], new int[0]).best();
    float[] states = drafter == null ? null : backend.read(normed);
    for (int i = 0; i < members.size(); i++) {
      Member m = members.get(i);
      count(routing, m.promptRows, m.promptRows.length, m.text.promptCounts());
      m.text.emit(List.of(choose(m, lastRows, i, best[i])));
      if (m.drafting != null && !m.text.finished()) {
        int[] rows = Arrays.stream(m.promptRows).map(r -> place[r]).toArray();
        m.drafting.advance(known(m.text), gather(states, rows));
      }
    }
  }

  private void step(List<Member> active) {
    draft(active);
    BatchBuilder builder = new BatchBuilder();
    for (Member m : active) {
      int own = m.text.length() - 1 - m.promptRows.length;
      m.firstRow = builder.add(m.cached(), m.ownSlot + own, m.fed.length);
    }
    int[] tokens = active.stream().flatMapToInt(m -> Arrays.stream(m.fed)).toArray();
    Batch batch = builder.build(tokens);
    computed += batch.rows();
    RoutingRecord routing = new RoutingRecord(config.totalLayers());
    Backend.Rows hidden =
        transformer.forward(batch, l -> caches[l], AttentionForm.ABSORBED, null, routing, null);
    Backend.Rows normed = backend.finalNorm(hidden, null);
    HeadResult head = transformer.head(normed, new int[0], new int[0]);
    boolean drafting = active.stream().anyMatch(m -> m.drafting != null);
    float[] states = drafting ? backend.read(normed) : null;
    for (Member m : active) {
      verify(m, normed, head.best(), states, routing);
    }
  }

  /** Sets what each member feeds: its last token and the drafts after it. */
  private void draft(List<Member> active) {
    List<Member> drafting = active.stream().filter(m -> m.drafting != null).toList();
    int[][] drafts =
        drafting.isEmpty()
            ? new int[0][]
            : drafter.draft(drafting.stream().map(m -> m.drafting).toList());
    for (Member m : active) {
      m.fed = new int[] {m.text.token(m.text.length() - 1)};
    }
    for (int i = 0; i < drafting.size(); i++) {
      Member m = drafting.get(i);
      m.fed = IntStream.concat(Arrays.stream(m.fed), Arrays.stream(drafts[i])).toArray();
    }
  }

  /** Keeps the drafts that equal the main model's choices, and the choice after them. */
  private void verify(
      Member m, Backend.Rows normed, int[] best, float[] states, RoutingRecord routing) {
    int known = m.text.length();
    int accepted = 0;
    while (accepted < m.fed.length - 1 && m.fed[accepted + 1] == best[m.firstRow + accepted]) {
      accepted++;
    }
    List<Integer> emitted = new ArrayList<>();
    for (int i = 0; i < accepted; i++) {
      emitted.add(m.fed[i + 1]);
    }
    int at = m.firstRow + accepted;
    emitted.add(choose(m, normed, at, best[at]));
    int[] rows = IntStream.rangeClosed(m.firstRow, at).toArray();
    m.text.countMainStep();
    if (m.drafting != null) {
      List<Integer> drafts = Arrays.stream(m.fed).skip(1).boxed().toList();
      m.text.record(new DraftStep(known, drafts, accepted, emitted));
    }
    m.text.emit(emitted);
    // Accepted rows past the end of the text were never part of it.
    int used = Math.min(rows.length, m.text.length() - known);
    count(routing, rows, used, m.text.generatedCounts());
    if (m.drafting != null && !m.text.finished()) {
      m.drafting.advance(known(m.text), gather(states, rows));
    }
  }

  private int choose(Member m, Backend.Rows normed, int row, int best) {
    GenerateRequest request = m.text.request();
    if (request.temperature() == 0) {
      return best;
    }
    float[] logits = transformer.logits(backend.select(normed, new int[] {row}));
    return Sampler.draw(logits, 0, config.vocabSize(), request, m.text.emitted());
  }

  private void count(RoutingRecord routing, int[] rows, int used, ExpertCounts counts) {
    if (config.ffn().routing() != null) {
      routing.addTo(counts, rows, 0, used, config.ffn().routing().experts());
    }
  }

  private static int[] known(Continuation text) {
    return IntStream.range(0, text.length()).map(text::token).toArray();
  }

  private float[] gather(float[] values, int[] rows) {
    int hidden = config.hiddenSize();
    float[] gathered = new float[rows.length * hidden];
    for (int i = 0; i < rows.length; i++) {
      System.arraycopy(values, rows[i] * hidden, gathered, i * hidden, hidden);
    }
    return gathered;
  }
}
