package io.assay.engine.speculative;

import io.assay.engine.backend.AttentionForm;
import io.assay.engine.backend.Backend;
import io.assay.engine.config.ModelConfig.Routing;
import io.assay.engine.model.MtpModule;
import io.assay.engine.model.Transformer;
import io.assay.engine.trace.ExpertCounts;
import io.assay.engine.trace.RoutingRecord;
import io.assay.engine.trie.Batch;
import io.assay.engine.trie.BatchBuilder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Drafts tokens with the model's own prediction modules, keeping the full causal chain: depth k
 * reads depth k - 1's state at the same position. A module's latents are kept between steps; rows
 * that were computed with drafted tokens are computed again once the tokens are known, which is
 * also how rejected drafts are rolled back.
 */
public final class Drafter {
  /** The known tokens of a sequence and the main model's states of all but the last. */
  public static final class Sequence {
    private final List<Batch.Segment> slots;
    private final int hiddenSize;
    private int[] tokens = new int[0];
    private float[] states = new float[0];
    private final ExpertCounts counts;
    private final int[] counted; // [depth - 1], positions
    private int statesFrom;
    private int computed;

    /**
     * @param slots where the sequence lies in the modules' caches, from its start
     * @param counts receives where its positions are sent
     * @param depths modules
     */
    public Sequence(List<Batch.Segment> slots, int hiddenSize, ExpertCounts counts, int depths) {
      this.slots = slots;
      this.hiddenSize = hiddenSize;
      this.counts = counts;
      this.counted = new int[depths];
    }

    /**
     * Appends what the main model has done.
     *
     * @param known all known tokens
     * @param main states that the first module reads, {@code [*, hidden]}; see {@link
     *     Transformer#moduleInput}
     * @param rows those of the positions after the ones given before, up to the last but one known
     *     token
     */
    public void advance(int[] known, float[] main, int[] rows) {
      tokens = known;
      // States before the first row to compute are never read again.
      int keep = statesFrom + states.length / hiddenSize - computed;
      int drop = states.length - keep * hiddenSize;
      float[] joined = new float[Math.multiplyExact(keep + rows.length, hiddenSize)];
      System.arraycopy(states, drop, joined, 0, keep * hiddenSize);
      for (int i = 0; i < rows.length; i++) {
        System.arraycopy(main, rows[i] * hiddenSize, joined, (keep + i) * hiddenSize, hiddenSize);
      }
      states = joined;
      statesFrom = computed;
    }

    private int rows() {
      return tokens.length - 1 - computed;
    }

    /**
     * Counts positions once: those computed with drafted tokens are not final, and are computed
     * again.
     *
     * @param firstRow row of the first position that was computed
     */
    private void count(RoutingRecord routing, int firstRow, int depth, Routing model) {
      int end = tokens.length - depth;
      int from = counted[depth - 1];
      if (end > from) {
        int[] rows = IntStream.range(from, end).map(i -> firstRow + i - computed).toArray();
        routing.addTo(counts, rows, 0, rows.length, model);
        counted[depth - 1] = end;
      }
    }
  }

  private final Transformer transformer;
  private final Backend backend;
  private final List<MtpModule> modules;
  private final List<Backend.Cache> caches;
  private final int batchRows;

  /**
   * @param modules depth 1 first
   * @param caches of each module, where the sequences' slots are
   * @param batchRows most rows computed at a time, unless one sequence has more
   */
  public Drafter(
      Transformer transformer, List<MtpModule> modules, List<Backend.Cache> caches, int batchRows) {
    this.transformer = transformer;
    this.backend = transformer.backend();
    this.modules = modules;
    this.batchRows = batchRows;
    this.caches = caches;
  }

  /** Drafts one token a module for each sequence: {@code [sequence, depth]}. */
  public int[][] draft(List<Sequence> sequences) {
    int[][] drafts = new int[sequences.size()][modules.size()];
    for (AttentionForm form : AttentionForm.values()) {
      List<Integer> group = new ArrayList<>();
      int rows = 0;
      for (int s = 0; s < sequences.size(); s++) {
        // A sequence's first rows are many and cost less expanded; the choice depends on it alone.
        boolean first = sequences.get(s).computed == 0;
        if (first != (form == AttentionForm.EXPANDED)) {
          continue;
        }
        if (!group.isEmpty() && rows + sequences.get(s).rows() > batchRows) {
          chain(sequences, group, form, drafts);
          group = new ArrayList<>();
          rows = 0;
        }
        group.add(s);
        rows += sequences.get(s).rows();
      }
      if (!group.isEmpty()) {
        chain(sequences, group, form, drafts);
      }
    }
    for (Sequence s : sequences) {
      // Rows i with i + depth below the number of tokens were computed with known tokens.
      s.computed = Math.max(s.computed, s.tokens.length - modules.size());
    }
    return drafts;
  }

  private void chain(
      List<Sequence> sequences, List<Integer> group, AttentionForm form, int[][] drafts) {
    BatchBuilder builder = new BatchBuilder();
    int[] lastRows = new int[group.size()];
    int rows = 0;
    for (int g = 0; g < group.size(); g++) {
      Sequence s = sequences.get(group.get(g));
      builder.add(
          BatchBuilder.between(s.slots, 0, s.computed),
          BatchBuilder.between(s.slots, s.computed, s.tokens.length - 1));
      rows += s.rows();
      lastRows[g] = rows - 1;
    }
    Backend.Rows previous = states(sequences, group, rows);
    for (MtpModule module : modules) {
      int depth = module.depth();
      int[] tokens = new int[rows];
      int row = 0;
      for (int index : group) {
        Sequence s = sequences.get(index);
        for (int i = s.computed; i < s.tokens.length - 1; i++) {
          int at = i + depth;
          tokens[row++] = at < s.tokens.length ? s.tokens[at] : drafts[index][at - s.tokens.length];
        }
      }
      RoutingRecord routing = new RoutingRecord(transformer.config().totalLayers());
      MtpModule.Output out =
          module.forward(
              builder.build(tokens), previous, caches.get(depth - 1), form, routing.part(0));
      Routing model = transformer.config().ffn().routing();
      int firstRow = 0;
      for (int index : group) {
        Sequence s = sequences.get(index);
        if (model != null) {
          s.count(routing, firstRow, depth, model);
        }
        firstRow += s.rows();
      }
      Backend.Rows last = backend.select(out.normed(), lastRows);
      int[] best = transformer.head(last, new int[0], new int[0]).best();
      last.release();
      out.block().release();
      previous.release();
      for (int g = 0; g < group.size(); g++) {
        drafts[group.get(g)][depth - 1] = best[g];
      }
      previous = out.normed();
    }
    previous.release();
  }

  private Backend.Rows states(List<Sequence> sequences, List<Integer> group, int rows) {
    int hidden = sequences.get(group.getFirst()).hiddenSize;
    float[] joined = new float[Math.multiplyExact(rows, hidden)];
    int at = 0;
    for (int index : group) {
      Sequence s = sequences.get(index);
      int from = (s.computed - s.statesFrom) * hidden;
      float[] own = Arrays.copyOfRange(s.states, from, from + s.rows() * hidden);
      System.arraycopy(own, 0, joined, at, own.length);
      at += own.length;
    }
    return backend.write(joined, hidden);
  }
}
