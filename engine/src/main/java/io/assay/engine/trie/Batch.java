package io.assay.engine.trie;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Rows to compute together. Each row is one token at one position of one or several sequences; it
 * attends to the rows before it on its path.
 *
 * <p>Rows are cut into <em>runs</em>: stretches that follow one another in every sequence they
 * belong to. What rows attend to lies in <em>segments</em> of a latent cache: the run's own slots
 * and those of its ancestors, some of which may have been filled by earlier batches.
 */
public final class Batch {
  /**
   * A stretch of rows that is nowhere branched into.
   *
   * @param row first row
   * @param length rows
   * @param position position of the first row in its sequences
   * @param path segments from the sequence's start to the run's own, which is the last
   */
  public record Run(int row, int length, int position, int[] path) {}

  /**
   * Adjacent slots of the cache at consecutive positions of a sequence.
   *
   * @param slot first slot
   * @param length slots
   * @param position position of the first
   */
  public record Segment(int slot, int length, int position) {}

  /**
   * Rows {@code [from, to)} that all have the segment on their path.
   *
   * @param segment index of the segment
   * @param depth its place on their paths
   */
  public record Span(int segment, int depth, int from, int to) {}

  private final int[] tokens;
  private final int[] positions;
  private final int[] slots;
  private final List<Run> runs;
  private final List<Segment> segments;
  private final List<Span> spans;
  private final int maxPosition;

  /**
   * @param tokens token id of each row
   * @param runs in the order of their rows, covering all of them
   * @param segments what their paths name
   */
  public Batch(int[] tokens, List<Run> runs, List<Segment> segments) {
    this.tokens = tokens;
    this.runs = List.copyOf(runs);
    this.segments = List.copyOf(segments);
    positions = new int[tokens.length];
    slots = new int[tokens.length];
    int max = -1;
    for (Run run : runs) {
      Segment own = segments.get(run.path()[run.path().length - 1]);
      for (int i = 0; i < run.length(); i++) {
        positions[run.row() + i] = run.position() + i;
        slots[run.row() + i] = own.slot() + run.position() - own.position() + i;
      }
      max = Math.max(max, run.position() + run.length() - 1);
    }
    maxPosition = max;
    spans = spans(this.runs);
  }

  /**
   * Joins runs that have the same segment at the same depth of their paths and lie side by side.
   */
  private static List<Span> spans(List<Run> runs) {
    List<Span> spans = new ArrayList<>();
    int deepest = runs.stream().mapToInt(r -> r.path().length).max().orElse(0);
    for (int depth = 0; depth < deepest; depth++) {
      Span open = null;
      for (Run run : runs) {
        int segment = depth < run.path().length ? run.path()[depth] : -1;
        int end = run.row() + run.length();
        if (open != null && open.segment() == segment && open.to() == run.row()) {
          open = new Span(segment, depth, open.from(), end);
        } else {
          if (open != null) {
            spans.add(open);
          }
          open = segment < 0 ? null : new Span(segment, depth, run.row(), end);
        }
      }
      if (open != null) {
        spans.add(open);
      }
    }
    return List.copyOf(spans);
  }

  public int rows() {
    return tokens.length;
  }

  /** Token id of each row. */
  public int[] tokens() {
    return tokens;
  }

  /** Position of each row. */
  public int[] positions() {
    return positions;
  }

  /** Cache slot each row's latent is written to. */
  public int[] slots() {
    return slots;
  }

  public List<Run> runs() {
    return runs;
  }

  public List<Segment> segments() {
    return segments;
  }

  /** For each row the spans that hold it cover its path; shallower ones come first. */
  public List<Span> spans() {
    return spans;
  }

  /** Largest position of a row. */
  public int maxPosition() {
    return maxPosition;
  }

  /**
   * The rows from a position on, in their slots, as if every sequence began there: they attend to
   * nothing before it, and it is position 0 to them. There may be none.
   */
  public Batch from(int first) {
    int[] index = new int[segments.size()];
    List<Segment> later = new ArrayList<>();
    for (int i = 0; i < index.length; i++) {
      Segment s = segments.get(i);
      int cut = Math.clamp((long) first - s.position(), 0, s.length());
      index[i] = cut < s.length() ? later.size() : -1;
      if (cut < s.length()) {
        later.add(new Segment(s.slot() + cut, s.length() - cut, s.position() + cut - first));
      }
    }
    int[] kept = new int[tokens.length];
    int rows = 0;
    List<Run> cutRuns = new ArrayList<>();
    for (Run run : runs) {
      int cut = Math.clamp((long) first - run.position(), 0, run.length());
      int length = run.length() - cut;
      if (length > 0) {
        int[] path = Arrays.stream(run.path()).map(s -> index[s]).filter(s -> s >= 0).toArray();
        cutRuns.add(new Run(rows, length, run.position() + cut - first, path));
        System.arraycopy(tokens, run.row() + cut, kept, rows, length);
        rows += length;
      }
    }
    return new Batch(Arrays.copyOf(kept, rows), cutRuns, later);
  }

  /** One sequence from its start, in slots 0 and on. */
  public static Batch ofSequence(int[] tokens) {
    return new Batch(
        tokens,
        List.of(new Run(0, tokens.length, 0, new int[] {0})),
        List.of(new Segment(0, tokens.length, 0)));
  }
}
