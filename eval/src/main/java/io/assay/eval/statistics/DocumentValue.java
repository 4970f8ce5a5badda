package io.assay.eval.statistics;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/**
 * What one document gives to one aggregation: numbers that the aggregation adds up over documents,
 * and in few cases (median, labels) looks at one by one.
 *
 * @param statistics at least one; the same number for all documents of a metric
 */
public record DocumentValue(List<Double> statistics) implements Serializable {
  /** A value of those numbers. */
  public static DocumentValue of(double... statistics) {
    List<Double> list = new ArrayList<>(statistics.length);
    for (double statistic : statistics) {
      list.add(statistic);
    }
    return new DocumentValue(List.copyOf(list));
  }

  /** 1 or 0. */
  public static DocumentValue of(boolean right) {
    return of(right ? 1 : 0);
  }

  /** The first number: the score itself where a document has one of its own. */
  public double value() {
    return statistics.getFirst();
  }

  /** The second number, such as words, bytes or positives; 1 where there is none. */
  public double weight() {
    return statistics.size() > 1 ? statistics.get(1) : 1;
  }
}
