package io.assay.job.wave;

import static org.assertj.core.api.Assertions.assertThat;

import io.assay.job.plan.WorkCost;
import io.assay.job.request.PlacedSlice;
import io.assay.job.request.Slice;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class UnitTest {
  @Property(tries = 200)
  void everyMissingSliceIsInOneStretchOfNeighbours(
      @ForAll @Size(max = 200) List<@IntRange(min = 0, max = 50_000) Integer> weights,
      @ForAll @IntRange(min = 1, max = 40) int slots) {
    List<PlacedSlice> missing = new ArrayList<>();
    for (int i = 0; i < weights.size(); i++) {
      if (i % 7 != 3) { // was answered before
        missing.add(slice(i, i / 20, weights.get(i)));
      }
    }
    List<Unit.Stretch> stretches = Unit.stretches(missing, slots);

    Set<Integer> seen = new HashSet<>();
    for (Unit.Stretch stretch : stretches) {
      int next = stretch.slices().getFirst().index();
      for (PlacedSlice placed : stretch.slices()) {
        assertThat(placed.index()).isEqualTo(next++);
        assertThat(placed.slice().source()).isEqualTo(stretch.slices().getFirst().slice().source());
        assertThat(seen.add(placed.index())).isTrue();
      }
    }
    assertThat(seen).hasSize(missing.size());
    assertThat(stretches)
        .isSortedAccordingTo(Comparator.comparingLong(Unit.Stretch::weight).reversed());
  }

  private static PlacedSlice slice(int index, int source, int tokens) {
    WorkCost cost = new WorkCost(1, 1, tokens, tokens, 0, 0, 0, 0, 0, 0);
    Slice slice =
        new Slice(source, index, "d" + index, 1, 1, 0, 1, 0, false, false, Map.of(), cost, null);
    return new PlacedSlice(index, slice, index, 0, "k" + index);
  }
}
