package io.assay.engine.trie;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A trie cut into batches: each row sees exactly its ancestors, whichever batch they are in. */
class TrieBatchesTest {
  private static List<int[]> sequences(Random random) {
    List<int[]> sequences = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      int[] tokens = random.ints(1 + random.nextInt(30), 0, 3).toArray();
      if (i > 0 && random.nextBoolean()) {
        int[] other = sequences.get(random.nextInt(i));
        System.arraycopy(other, 0, tokens, 0, Math.min(other.length, tokens.length));
      }
      sequences.add(tokens);
    }
    sequences.sort(Arrays::compare);
    return sequences;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 7, 64, 10_000})
  void rowsSeeTheirAncestors(int mostRows) {
    Random random = new Random(mostRows);
    List<int[]> sequences = sequences(random);
    int[] first = sequences.getFirst();
    int given = random.nextInt(first.length + 1);
    TokenTrie trie = new TokenTrie(first, given);
    List<int[]> paths = sequences.stream().map(s -> trie.add(s, s.length)).toList();
    int[][] pathOfRow = new int[trie.rows()][];
    int[] tokenOfRow = new int[trie.rows()];
    for (int s = 0; s < paths.size(); s++) {
      for (int i = 0; i < paths.get(s).length; i++) {
        pathOfRow[paths.get(s)[i]] = Arrays.copyOf(paths.get(s), i + 1);
        tokenOfRow[paths.get(s)[i]] = sequences.get(s)[i];
      }
    }

    int row = given;
    for (Batch batch : trie.batches(mostRows)) {
      assertThat(batch.rows()).isBetween(1, mostRows);
      int firstRow = row;
      for (Batch.Run run : batch.runs()) {
        for (int i = 0; i < run.length(); i++) {
          assertThat(batch.slots()[run.row() + i]).isEqualTo(row);
          assertThat(batch.tokens()[row - firstRow]).isEqualTo(tokenOfRow[row]);
          assertThat(seen(batch, run, run.position() + i)).isEqualTo(asList(pathOfRow[row]));
          row++;
        }
      }
      assertThat(row - firstRow).isEqualTo(batch.rows());
    }
    assertThat(row).isEqualTo(trie.rows());
  }

  /** Slots a row of the run attends to, in the order of positions. */
  private static List<Integer> seen(Batch batch, Batch.Run run, int position) {
    List<Integer> slots = new ArrayList<>();
    for (int index : run.path()) {
      Batch.Segment segment = batch.segments().get(index);
      assertThat(segment.position()).isEqualTo(slots.size());
      for (int i = 0; i < segment.length() && segment.position() + i <= position; i++) {
        slots.add(segment.slot() + i);
      }
    }
    return slots;
  }

  private static List<Integer> asList(int[] values) {
    return Arrays.stream(values).boxed().toList();
  }
}
