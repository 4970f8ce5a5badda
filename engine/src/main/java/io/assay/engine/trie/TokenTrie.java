package io.assay.engine.trie;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Sequences merged by their prefixes: one row for each distinct prefix. Sequences are added in
 * lexicographic order, which makes the rows come out depth first, so that all rows below a row
 * follow it directly.
 */
public final class TokenTrie {
  /**
   * Rows that follow one another in every sequence they belong to.
   *
   * @param path indices of the stretches from the sequence's start to this one
   */
  private record Stretch(int row, int length, int position, int[] path) {}

  private int[] tokens = new int[256];
  private int[] parents = new int[256];
  private int rows;
  private final int given;
  private int[] lastRows = new int[0];
  private int[] lastSequence = new int[0];

  public TokenTrie() {
    this(new int[0], 0);
  }

  /**
   * A trie whose first rows are computed already: those of {@code sequence[0 .. length)}, a prefix
   * of the first sequence to be added.
   */
  public TokenTrie(int[] sequence, int length) {
    add(sequence, length);
    this.given = length;
  }

  /** Rows so far, those given included. */
  public int rows() {
    return rows;
  }

  /** Rows at the start that were computed before. */
  public int given() {
    return given;
  }

  /** Rows that adding {@code sequence[0 .. length)} next would create. */
  public int newRows(int[] sequence, int length) {
    return length - common(sequence, length);
  }

  /** The row before each of these in its sequences; -1 at their start. */
  public int[] parents(int[] rows) {
    return Arrays.stream(rows).map(row -> parents[row]).toArray();
  }

  /** How much of {@code sequence[0 .. length)} the sequence added last begins with, in tokens. */
  public int common(int[] sequence, int length) {
    int most = Math.min(length, lastRows.length);
    int i = 0;
    while (i < most && sequence[i] == lastSequence[i]) {
      i++;
    }
    return i;
  }

  /** The rows of the sequence added last. */
  public int[] lastRows() {
    return lastRows.clone();
  }

  /**
   * Adds a sequence that is not lexicographically before the last one and returns the row of each
   * of its tokens.
   */
  public int[] add(int[] sequence, int length) {
    int shared = common(sequence, length);
    int[] path = new int[length];
    System.arraycopy(lastRows, 0, path, 0, shared);
    for (int i = shared; i < length; i++) {
      if (rows == tokens.length) {
        tokens = Arrays.copyOf(tokens, rows * 2);
        parents = Arrays.copyOf(parents, rows * 2);
      }
      tokens[rows] = sequence[i];
      parents[rows] = i == 0 ? -1 : path[i - 1];
      path[i] = rows++;
    }
    lastRows = path;
    lastSequence = sequence;
    return path;
  }

  /** All rows as one batch whose latents go to slots {@code firstSlot} and on, in row order. */
  public Batch batch(int firstSlot) {
    List<Stretch> all = stretches(rows);
    return batch(all, 0, all.size(), firstSlot);
  }

  /**
   * The rows that were not given in batches of at most this many, each of which builds on those
   * before it. The latent of row r goes to slot r; those of the given rows are expected there.
   */
  public List<Batch> batches(int mostRows) {
    List<Stretch> all = stretches(mostRows);
    List<Batch> batches = new ArrayList<>();
    int first = 0;
    while (first < all.size() && all.get(first).row() < given) {
      first++;
    }
    for (int i = first + 1; i <= all.size(); i++) {
      if (i == all.size() || startsBatch(all.get(i).row(), mostRows)) {
        batches.add(batch(all, first, i, 0));
        first = i;
      }
    }
    return batches;
  }

  private boolean startsBatch(int row, int mostRows) {
    return row >= given && (row - given) % mostRows == 0;
  }

  /** Rows cut where sequences part, where the given rows end, and where batches begin. */
  private List<Stretch> stretches(int mostRows) {
    int[] children = new int[rows];
    for (int r = 0; r < rows; r++) {
      if (parents[r] >= 0) {
        children[parents[r]]++;
      }
    }
    List<Stretch> stretches = new ArrayList<>();
    int[] stretchOf = new int[rows];
    int[] position = new int[rows];
    int start = 0;
    for (int r = 0; r < rows; r++) {
      int parent = parents[r];
      position[r] = parent < 0 ? 0 : position[parent] + 1;
      stretchOf[r] = stretches.size();
      boolean ends =
          r + 1 == rows || parents[r + 1] != r || children[r] != 1 || startsBatch(r + 1, mostRows);
      if (ends) {
        int above = parents[start];
        int[] before = above < 0 ? new int[0] : stretches.get(stretchOf[above]).path();
        int[] path = Arrays.copyOf(before, before.length + 1);
        path[before.length] = stretches.size();
        stretches.add(new Stretch(start, r - start + 1, position[start], path));
        start = r + 1;
      }
    }
    return stretches;
  }

  /** The rows of stretches {@code [from, to)}, with the segments on their paths. */
  private Batch batch(List<Stretch> all, int from, int to, int firstSlot) {
    int firstRow = from < to ? all.get(from).row() : 0;
    int endRow = from < to ? all.get(to - 1).row() + all.get(to - 1).length() : 0;
    int[] segmentOf = new int[to];
    Arrays.fill(segmentOf, -1);
    List<Batch.Segment> segments = new ArrayList<>();
    List<Batch.Run> runs = new ArrayList<>();
    for (Stretch run : all.subList(from, to)) {
      int[] path = new int[run.path().length];
      for (int i = 0; i < path.length; i++) {
        int index = run.path()[i];
        if (segmentOf[index] < 0) {
          Stretch s = all.get(index);
          segmentOf[index] = segments.size();
          segments.add(new Batch.Segment(firstSlot + s.row(), s.length(), s.position()));
        }
        path[i] = segmentOf[index];
      }
      runs.add(new Batch.Run(run.row() - firstRow, run.length(), run.position(), path));
    }
    return new Batch(Arrays.copyOfRange(tokens, firstRow, endRow), runs, segments);
  }
}
