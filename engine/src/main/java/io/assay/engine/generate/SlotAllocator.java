package io.assay.engine.generate;

import io.assay.engine.trie.Batch;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Hands out the slots of a latent cache and takes them back. Whatever is free can be handed out: an
 * allocation lies side by side where a gap holds it, and is split over several gaps otherwise,
 * which changes no result, since attention goes by positions.
 */
final class SlotAllocator {
  private final TreeMap<Integer, Integer> gaps = new TreeMap<>(); // first slot to slots
  private final int capacity;
  private int available;

  SlotAllocator(int capacity) {
    this.capacity = capacity;
    this.available = capacity;
    if (capacity > 0) {
      gaps.put(0, capacity);
    }
  }

  int capacity() {
    return capacity;
  }

  /** Free slots. */
  int available() {
    return available;
  }

  /**
   * Takes slots for consecutive positions, at most as many as are available.
   *
   * @param position of the first
   */
  List<Batch.Segment> allocate(int slots, int position) {
    if (slots > available) {
      throw new IllegalStateException(slots + " slots wanted, " + available + " are free");
    }
    List<Batch.Segment> taken = new ArrayList<>();
    int left = slots;
    while (left > 0) {
      Map.Entry<Integer, Integer> gap = gap(left);
      int length = Math.min(left, gap.getValue());
      taken.add(new Batch.Segment(gap.getKey(), length, position + slots - left));
      gaps.remove(gap.getKey());
      if (length < gap.getValue()) {
        gaps.put(gap.getKey() + length, gap.getValue() - length);
      }
      left -= length;
    }
    available -= slots;
    return List.copyOf(taken);
  }

  /** The first gap that is large enough, else the first. There are few: neighbours are joined. */
  private Map.Entry<Integer, Integer> gap(int slots) {
    for (Map.Entry<Integer, Integer> gap : gaps.entrySet()) {
      if (gap.getValue() >= slots) {
        return Map.entry(gap.getKey(), gap.getValue());
      }
    }
    return gaps.firstEntry();
  }

  /** Gives slots back that were allocated, in whole or in part. */
  void free(List<Batch.Segment> segments) {
    for (Batch.Segment segment : segments) {
      int start = segment.slot();
      int end = start + segment.length();
      Map.Entry<Integer, Integer> below = gaps.lowerEntry(end);
      if (start < 0
          || end > capacity
          || (below != null && below.getKey() + below.getValue() > start)) {
        throw new IllegalStateException("slots " + start + " to " + end + " are not in use");
      }
      available += segment.length();
      if (below != null && below.getKey() + below.getValue() == start) {
        start = below.getKey();
      }
      Integer above = gaps.remove(end);
      gaps.put(start, (above == null ? end : end + above) - start);
    }
  }
}
