package io.assay.engine.trie;

import java.util.ArrayList;
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
   * Adds a run.
   *
   * @param cached what lies before it, from the sequence's start
   * @param slot where its first row's latent goes
   * @param length rows
   * @return its first row
   */
  public int add(List<Batch.Segment> cached, int slot, int length) {
    int[] path = new int[cached.size() + 1];
    int position = 0;
    for (int i = 0; i < cached.size(); i++) {
      path[i] = index(cached.get(i));
      position += cached.get(i).length();
    }
    path[cached.size()] = index(new Batch.Segment(slot, length, position));
    int row = rows;
    runs.add(new Batch.Run(row, length, position, path));
    rows += length;
    return row;
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

  /** Slots of consecutive positions from 0 on, joined to segments. */
  public static List<Batch.Segment> segments(int[] slots) {
    List<Batch.Segment> segments = new ArrayList<>();
    int start = 0;
    for (int i = 1; i <= slots.length; i++) {
      if (i == slots.length || slots[i] != slots[i - 1] + 1) {
        segments.add(new Batch.Segment(slots[start], i - start, start));
        start = i;
      }
    }
    return segments;
  }
}
