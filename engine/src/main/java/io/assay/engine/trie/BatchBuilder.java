package io.assay.engine.trie;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Puts a batch together run by run, for sequences whose earlier rows are in a cache already. */
public final class BatchBuilder {
  private final List<Batch.Run> runs = new ArrayList<>();
  private final List<Batch.Segment> segments = new ArrayList<>();
  private final Map<Batch.Segment, Integer> known = new HashMap<>();
  private int rows;

  /**
   * Adds rows that follow one another.
   *
   * @param cached what lies before them, from the sequence's start
   * @param own where their latents go; each segment makes a run
   * @return the first of them
   */
  public int add(List<Batch.Segment> cached, List<Batch.Segment> own) {
    int[] path = cached.stream().mapToInt(this::index).toArray();
    int first = rows;
    for (Batch.Segment segment : own) {
      path = Arrays.copyOf(path, path.length + 1);
      path[path.length - 1] = index(segment);
      runs.add(new Batch.Run(rows, segment.length(), segment.position(), path));
      rows += segment.length();
    }
    return first;
  }

  private int index(Batch.Segment segment) {
    return known.computeIfAbsent(
        segment,
        s -> {
          segments.add(s);
          return segments.size() - 1;
        });
  }

  /**
   * @param tokens token id of each row
   */
  public Batch build(int[] tokens) {
    return new Batch(tokens, runs, segments);
  }

  /** What segments of consecutive positions hold of the positions {@code [from, to)}. */
  public static List<Batch.Segment> between(List<Batch.Segment> segments, int from, int to) {
    List<Batch.Segment> held = new ArrayList<>();
    for (Batch.Segment s : segments) {
      int start = Math.max(from, s.position());
      int end = Math.min(to, s.position() + s.length());
      if (start < end) {
        held.add(new Batch.Segment(s.slot() + start - s.position(), end - start, start));
      }
    }
    return held;
  }
}
