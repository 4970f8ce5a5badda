package io.assay.engine.trie;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class TokenTrieTest {
  @Provide
  Arbitrary<List<int[]>> sequences() {
    return Arbitraries.integers()
        .between(0, 2)
        .array(int[].class)
        .ofMinSize(1)
        .ofMaxSize(9)
        .list()
        .ofMinSize(1)
        .ofMaxSize(40);
  }

  @Property
  void thereIsOneRowForEachDistinctPrefix(@ForAll("sequences") List<int[]> sequences) {
    TokenTrie trie = new TokenTrie();
    Set<List<Integer>> prefixes = new HashSet<>();
    for (int[] s : sorted(sequences)) {
      int before = trie.rows();
      int announced = trie.newRows(s, s.length);
      trie.add(s, s.length);
      assertThat(trie.rows() - before).isEqualTo(announced);
      for (int n = 1; n <= s.length; n++) {
        prefixes.add(Arrays.stream(s, 0, n).boxed().toList());
      }
    }
    assertThat(trie.rows()).isEqualTo(prefixes.size());
  }

  @Property
  void everyRowsPathSpellsItsSequence(@ForAll("sequences") List<int[]> sequences) {
    TokenTrie trie = new TokenTrie();
    List<int[]> ordered = sorted(sequences);
    List<int[]> rows = ordered.stream().map(s -> trie.add(s, s.length)).toList();
    Batch batch = trie.batch(100);
    for (int i = 0; i < ordered.size(); i++) {
      int[] s = ordered.get(i);
      for (int p = 0; p < s.length; p++) {
        int row = rows.get(i)[p];
        assertThat(batch.positions()[row]).isEqualTo(p);
        assertThat(slotsSeenBy(batch, row))
            .isEqualTo(Arrays.stream(rows.get(i), 0, p + 1).map(r -> r + 100).boxed().toList());
        assertThat(batch.tokens()[row]).isEqualTo(s[p]);
        assertThat(batch.slots()[row]).isEqualTo(row + 100);
      }
    }
  }

  /** What a row attends to by the batch's spans, in the order in which they are visited. */
  private static List<Integer> slotsSeenBy(Batch batch, int row) {
    List<Integer> slots = new java.util.ArrayList<>();
    for (Batch.Span span : batch.spans()) {
      if (row >= span.from() && row < span.to()) {
        Batch.Segment segment = batch.segments().get(span.segment());
        for (int j = 0; j < segment.length(); j++) {
          if (segment.position() + j <= batch.positions()[row]) {
            assertThat(segment.position() + j).isEqualTo(slots.size());
            slots.add(segment.slot() + j);
          }
        }
      }
    }
    return slots;
  }

  private static List<int[]> sorted(List<int[]> sequences) {
    return sequences.stream().sorted(Arrays::compare).toList();
  }
}
