package io.assay.engine.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.assay.engine.trie.Batch;
import io.assay.engine.trie.BatchBuilder;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class SlotAllocatorTest {
  private static void mark(BitSet used, List<Batch.Segment> segments, boolean value) {
    for (Batch.Segment s : segments) {
      for (int slot = s.slot(); slot < s.slot() + s.length(); slot++) {
        assertThat(used.get(slot)).as("slot %d", slot).isNotEqualTo(value);
        used.set(slot, value);
      }
    }
  }

  /** No slot has two owners, none is lost, and whatever is free can be had. */
  @Property(tries = 200)
  void slotsHaveOneOwnerAndAreNotLost(
      @ForAll @IntRange(min = 1, max = 200) int capacity, @ForAll long seed) {
    Random random = new Random(seed);
    SlotAllocator slots = new SlotAllocator(capacity);
    BitSet used = new BitSet(capacity);
    List<List<Batch.Segment>> live = new ArrayList<>();
    for (int step = 0; step < 100; step++) {
      if (live.isEmpty() || random.nextBoolean()) {
        int wanted = random.nextInt(slots.available() + 1);
        int position = random.nextInt(50);
        List<Batch.Segment> taken = slots.allocate(wanted, position);
        mark(used, taken, true);
        int at = position;
        for (Batch.Segment s : taken) {
          assertThat(s.position()).isEqualTo(at);
          at += s.length();
        }
        assertThat(at - position).isEqualTo(wanted);
        live.add(taken);
      } else {
        List<Batch.Segment> given = live.remove(random.nextInt(live.size()));
        int length = given.stream().mapToInt(Batch.Segment::length).sum();
        int from = given.isEmpty() ? 0 : given.getFirst().position();
        int cut = from + random.nextInt(length + 1);
        // In two parts, as when only the end of a prompt is no longer needed.
        for (List<Batch.Segment> part :
            List.of(
                BatchBuilder.between(given, cut, from + length),
                BatchBuilder.between(given, from, cut))) {
          slots.free(part);
          mark(used, part, false);
        }
      }
      assertThat(slots.available()).isEqualTo(capacity - used.cardinality());
    }
    live.forEach(slots::free);
    assertThat(slots.allocate(capacity, 0)).containsExactly(new Batch.Segment(0, capacity, 0));
  }

  @Test
  void refusesWhatIsNotThere() {
    SlotAllocator slots = new SlotAllocator(10);
    List<Batch.Segment> taken = slots.allocate(4, 0);
    assertThatThrownBy(() -> slots.allocate(7, 0)).hasMessageContaining("6 are free");
    slots.free(taken);
    assertThatThrownBy(() -> slots.free(taken)).hasMessageContaining("0 to 4 are not in use");
    assertThat(slots.available()).isEqualTo(10);
  }
}
