package io.assay.eval.metric;

/**
 * A document's value of one metric, for the metric's aggregation.
 *
 * @param value summed by the aggregation
 * @param weight words, bytes or positives for aggregations that divide by these, else 1
 */
record DocumentValue(double value, double weight) {
  static DocumentValue of(boolean right) {
    return new DocumentValue(right ? 1 : 0, 1);
  }
}
