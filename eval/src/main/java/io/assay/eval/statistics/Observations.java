package io.assay.eval.statistics;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The values of documents as columns of numbers, as a whole or as a resample of it. Sums over the
 * whole are exact and so independent of order; those over a resample are added in the order it was
 * drawn, as the harness adds them.
 */
public final class Observations {
  private final double[][] columns;
  private final int documents;
  private final int[] chosen;

  private Observations(double[][] columns, int documents, int[] chosen) {
    this.columns = columns;
    this.documents = documents;
    this.chosen = chosen;
  }

  /**
   * @param columns one for each statistic, all as long as there are documents, not copied
   */
  public static Observations of(double[]... columns) {
    return new Observations(columns, columns[0].length, null);
  }

  /** Values of documents, in that order. */
  public static Observations of(List<DocumentValue> values) {
    int width = values.isEmpty() ? 1 : values.getFirst().statistics().size();
    double[][] columns = new double[width][values.size()];
    for (int d = 0; d < values.size(); d++) {
      for (int c = 0; c < width; c++) {
        columns[c][d] = values.get(d).statistics().get(c);
      }
    }
    return of(columns);
  }

  /**
   * The documents of those indices, in that order, repetitions included.
   *
   * @param indices of documents of the whole, not copied
   */
  Observations resample(int[] indices) {
    return new Observations(columns, indices.length, indices);
  }

  /** Number of documents. */
  public int size() {
    return documents;
  }

  /** Number of statistics of each document. */
  public int width() {
    return columns.length;
  }

  /** Whether every document has the same numbers, bit for bit. */
  public boolean sameAs(Observations other) {
    return size() == other.size()
        && width() == other.width()
        && IntStream.range(0, width()).allMatch(c -> Arrays.equals(column(c), other.column(c)));
  }

  double at(int column, int document) {
    return columns[column][chosen == null ? document : chosen[document]];
  }

  /** Sum of a statistic over the documents. */
  double sum(int column) {
    double[] values = columns[column];
    if (chosen == null) {
      return ExactSum.of(values);
    }
    double sum = 0;
    for (int document : chosen) {
      sum += values[document];
    }
    return sum;
  }

  /** Sums of all statistics. */
  double[] sums() {
    double[] sums = new double[columns.length];
    for (int c = 0; c < sums.length; c++) {
      sums[c] = sum(c);
    }
    return sums;
  }

  /** A statistic of every document. */
  public double[] column(int column) {
    double[] values = new double[documents];
    for (int d = 0; d < documents; d++) {
      values[d] = at(column, d);
    }
    return values;
  }
}
