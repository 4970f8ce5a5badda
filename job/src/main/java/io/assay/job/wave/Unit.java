package io.assay.job.wave;

import io.assay.job.request.PlacedSlice;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * What one task answers and commits: slices of a source that follow each other.
 *
 * @param careful whether documents are asked one by one, each marked before
 * @param weight of all slices, {@link io.assay.job.plan.WorkCost#weight}
 */
record Unit(List<SliceWork> slices, boolean careful, long weight) implements Serializable {
  private static final int PER_SLOT = 4;
  private static final long MOST_WEIGHT = 1 << 15;

  int from() {
    return slices.getFirst().index();
  }

  int to() {
    return slices.getLast().index();
  }

  /** Name of its mark. */
  String mark() {
    return "unit-" + from() + "-" + to();
  }

  /** A stretch of slices. */
  record Stretch(List<PlacedSlice> slices, long weight) {}

  /**
   * Puts small slices together until there is work enough for every slot, heaviest first.
   *
   * @param missing slices in the order of the plan
   * @param slots tasks at a time
   */
  static List<Stretch> stretches(List<PlacedSlice> missing, int slots) {
    long total = missing.stream().mapToLong(placed -> placed.slice().cost().weight()).sum();
    long most = Math.clamp(total / ((long) PER_SLOT * slots), 1, MOST_WEIGHT);
    List<Stretch> stretches = new ArrayList<>();
    List<PlacedSlice> current = new ArrayList<>();
    long weight = 0;
    for (PlacedSlice placed : missing) {
      long more = placed.slice().cost().weight();
      if (!current.isEmpty() && (weight + more > most || !follows(current.getLast(), placed))) {
        stretches.add(new Stretch(current, weight));
        current = new ArrayList<>();
        weight = 0;
      }
      current.add(placed);
      weight += more;
    }
    if (!current.isEmpty()) {
      stretches.add(new Stretch(current, weight));
    }
    stretches.sort(Comparator.comparingLong(Stretch::weight).reversed());
    return stretches;
  }

  private static boolean follows(PlacedSlice last, PlacedSlice next) {
    return next.index() == last.index() + 1 && next.slice().source() == last.slice().source();
  }
}
