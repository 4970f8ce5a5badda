package io.assay.engine.generate;

import io.assay.engine.trie.Batch;
import io.assay.engine.trie.BatchBuilder;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Consecutive positions of one or several prompts in the main layers' caches. The stretches of the
 * prompts make a tree: a prompt is the path to its last stretch, and what prompts have in common
 * lies in the cache once. A stretch's slots are free again when no prompt and no stretch after it
 * uses it any more.
 */
final class Stretch {
  private final SlotAllocator slots;
  private final int to;
  private Stretch before; // null at the start of a prompt
  private int from;
  private List<Batch.Segment> own;
  private int users;
  private boolean computed;

  private Stretch(
      SlotAllocator slots, Stretch before, int from, int to, List<Batch.Segment> own, int users) {
    this.slots = slots;
    this.before = before;
    this.from = from;
    this.to = to;
    this.own = own;
    this.users = users;
  }

  /**
   * Takes slots for the positions after a stretch, without a user yet.
   *
   * @param before null for positions from 0 on
   */
  static Stretch after(Stretch before, int to, SlotAllocator slots) {
    int from = before == null ? 0 : before.to;
    if (before != null) {
      before.retain();
    }
    return new Stretch(slots, before, from, to, slots.allocate(to - from, from), 0);
  }

  /**
   * The stretch of this path that ends before a position, which may be cut off for it; null for
   * position 0.
   */
  Stretch endingAt(int position) {
    Stretch s = this;
    while (s != null && s.from >= position) {
      s = s.before;
    }
    if (s != null && s.to > position) {
      s.split(position);
      return s.before;
    }
    return s;
  }

  private void split(int position) {
    List<Batch.Segment> upper = BatchBuilder.between(own, from, position);
    Stretch cut = new Stretch(slots, before, from, position, upper, 1);
    cut.computed = computed;
    own = BatchBuilder.between(own, position, to);
    before = cut;
    from = position;
  }

  void retain() {
    users++;
  }

  /** Gives up one use. */
  void release() {
    Stretch s = this;
    while (s != null && --s.users == 0) {
      slots.free(s.own);
      s = s.before;
    }
  }

  int from() {
    return from;
  }

  int to() {
    return to;
  }

  /** Whether the latents are in the caches. */
  boolean computed() {
    return computed;
  }

  void setComputed() {
    computed = true;
  }

  /** Its own slots. */
  List<Batch.Segment> own() {
    return own;
  }

  /** The slots of all positions up to its end. */
  List<Batch.Segment> segments() {
    List<Batch.Segment> all = new ArrayList<>();
    path().forEach(s -> all.addAll(s.own));
    return all;
  }

  /** The slots of all positions before it. */
  List<Batch.Segment> cachedBefore() {
    return before == null ? List.of() : before.segments();
  }

  /** The stretches from the start of the prompt to this one. */
  List<Stretch> path() {
    List<Stretch> path = new ArrayList<>();
    for (Stretch s = this; s != null; s = s.before) {
      path.add(s);
    }
    Collections.reverse(path);
    return path;
  }
}
