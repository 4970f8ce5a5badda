package io.assay.engine.backend.tornado;

import io.assay.engine.EngineException;
import io.assay.engine.ErrorCode;
import io.assay.engine.trie.Batch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What rows of a batch attend to, as lists of numbers: the keys that a block of rows sees, each
 * once, and for each run the keys at its positions. Rows follow one another in a run, so a run's
 * rows share one list.
 *
 * @param from first row
 * @param to after the last row
 * @param keys distinct keys
 * @param words slots of the rows, begins of their lists, their positions (each {@code to - from}
 *     ints), slots of the keys, lists
 */
record PathIndex(int from, int to, int keys, int[] words) {
  int rows() {
    return to - from;
  }

  int slots() {
    return 0;
  }

  int paths() {
    return rows();
  }

  int positions() {
    return 2 * rows();
  }

  int keySlots() {
    return 3 * rows();
  }

  /**
   * Cuts a batch.
   *
   * @param mostRows rows of a block
   * @param mostWords ints of a block's index
   * @throws EngineException {@code OUT_OF_MEMORY} if one row's path needs more
   */
  static List<PathIndex> of(Batch batch, int mostRows, int mostWords) {
    int[] runOf = new int[batch.rows()];
    for (int i = 0; i < batch.runs().size(); i++) {
      Batch.Run run = batch.runs().get(i);
      Arrays.fill(runOf, run.row(), run.row() + run.length(), i);
    }
    List<PathIndex> blocks = new ArrayList<>();
    int from = 0;
    while (from < batch.rows()) {
      int to = Math.min(batch.rows(), from + mostRows);
      PathIndex block = block(batch, runOf, from, to, mostWords);
      while (block == null && to - from > 1) {
        to = from + (to - from) / 2;
        block = block(batch, runOf, from, to, mostWords);
      }
      if (block == null) {
        throw new EngineException(
            ErrorCode.OUT_OF_MEMORY,
            "a row at position %,d attends to more keys than the %,d an index of the device holds; use a shorter maximum length or --backend cpu"
                .formatted(batch.positions()[from], mostWords / 2));
      }
      blocks.add(block);
      from = to;
    }
    return blocks;
  }

  private static PathIndex block(Batch batch, int[] runOf, int from, int to, int mostWords) {
    int rows = to - from;
    // How much of each segment is seen, in the order of first use.
    Map<Integer, Integer> seen = new LinkedHashMap<>();
    long listed = 0;
    for (int run = runOf[from]; run <= runOf[to - 1]; run++) {
      int last = lastPosition(batch, run, to);
      for (int s : batch.runs().get(run).path()) {
        seen.merge(s, visible(batch.segments().get(s), last), Math::max);
      }
      listed += last + 1L;
    }
    long keys = seen.values().stream().mapToLong(Integer::longValue).sum();
    if (3L * rows + keys + listed > mostWords) {
      return null;
    }
    int[] words = new int[(int) (3L * rows + keys + listed)];
    Map<Integer, Integer> firstKey = new LinkedHashMap<>();
    int key = 0;
    for (Map.Entry<Integer, Integer> segment : seen.entrySet()) {
      firstKey.put(segment.getKey(), key);
      for (int j = 0; j < segment.getValue(); j++) {
        words[3 * rows + key++] = batch.segments().get(segment.getKey()).slot() + j;
      }
    }
    int at = 3 * rows + key;
    for (int run = runOf[from]; run <= runOf[to - 1]; run++) {
      Batch.Run r = batch.runs().get(run);
      int last = lastPosition(batch, run, to);
      for (int row = Math.max(from, r.row()); row < Math.min(to, r.row() + r.length()); row++) {
        words[row - from] = batch.slots()[row];
        words[rows + row - from] = at;
        words[2 * rows + row - from] = batch.positions()[row];
      }
      for (int s : r.path()) {
        Batch.Segment segment = batch.segments().get(s);
        for (int j = 0; j < visible(segment, last); j++) {
          words[at + segment.position() + j] = firstKey.get(s) + j;
        }
      }
      at += last + 1;
    }
    return new PathIndex(from, to, key, words);
  }

  /** Position of the run's last row before {@code to}. */
  private static int lastPosition(Batch batch, int run, int to) {
    Batch.Run r = batch.runs().get(run);
    return r.position() + Math.min(r.length(), to - r.row()) - 1;
  }

  private static int visible(Batch.Segment segment, int position) {
    return Math.clamp(position + 1L - segment.position(), 0, segment.length());
  }
}
