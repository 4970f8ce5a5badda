package io.assay.engine.generate;

import static org.assertj.core.api.Assertions.assertThat;

import io.assay.engine.trie.Batch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

class StretchTest {
  /** A prompt in use, with the last stretch of its path. */
  private record Live(List<Integer> prompt, Stretch end) {}

  /**
   * Sorted prompts come and, in any order, go: the slots in use are those of the distinct prefixes
   * of the ones that are there, and equal prefixes have equal slots.
   */
  @Property(tries = 200)
  void commonPrefixesLieInTheCacheOnceAndAsLongAsSomebodyUsesThem(@ForAll long seed) {
    Random random = new Random(seed);
    List<int[]> prompts = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      prompts.add(random.ints(1 + random.nextInt(8), 0, 3).toArray());
    }
    prompts.sort(Arrays::compare);
    SlotAllocator slots = new SlotAllocator(1000);
    List<Live> live = new ArrayList<>();
    int[] before = new int[0];
    Stretch last = null;
    for (int[] prompt : prompts) {
      int differs = Arrays.mismatch(before, prompt);
      int common = differs < 0 ? prompt.length : differs;
      Stretch end = common == 0 ? null : last.endingAt(common);
      if (common < prompt.length) {
        end = Stretch.after(end, prompt.length, slots);
      }
      end.retain(); // by the prompt
      end.retain(); // for the next
      if (last != null) {
        last.release();
      }
      last = end;
      before = prompt;
      live.add(new Live(Arrays.stream(prompt).boxed().toList(), end));
      check(live, before, slots);
      while (!live.isEmpty() && random.nextInt(3) == 0) {
        live.remove(random.nextInt(live.size())).end().release();
        check(live, before, slots);
      }
    }
    live.forEach(l -> l.end().release());
    last.release();
    assertThat(slots.available()).isEqualTo(1000);
  }

  private static void check(List<Live> live, int[] kept, SlotAllocator slots) {
    Map<List<Integer>, Integer> slotOf = new HashMap<>();
    Set<Integer> taken = new HashSet<>();
    for (Live l : live) {
      int position = 0;
      for (Batch.Segment s : l.end().segments()) {
        assertThat(s.position()).isEqualTo(position);
        for (int i = 0; i < s.length(); i++) {
          Integer other = slotOf.putIfAbsent(l.prompt().subList(0, position + i + 1), s.slot() + i);
          assertThat(other == null ? s.slot() + i : other).isEqualTo(s.slot() + i);
          assertThat(other != null || taken.add(s.slot() + i)).isTrue();
        }
        position += s.length();
      }
      assertThat(position).isEqualTo(l.prompt().size());
    }
    Set<List<Integer>> prefixes = new HashSet<>(slotOf.keySet());
    List<Integer> held = Arrays.stream(kept).boxed().toList();
    for (int n = 1; n <= kept.length; n++) {
      prefixes.add(held.subList(0, n));
    }
    assertThat(slots.capacity() - slots.available()).isEqualTo(prefixes.size());
  }
}
