package io.assay.eval.metric;

import java.io.Serializable;

/**
 * A row of the table of metrics, without the run.
 *
 * @param task task name
 * @param filter filter chain, {@code none} when there is none
 * @param metric metric name as the harness spells it
 * @param value aggregated value
 * @param stderr standard error; NaN where none is defined (n = 1)
 * @param n documents
 * @param clusters they come in; 0 if they are independent
 */
public record MetricValue(
    String task, String filter, String metric, double value, double stderr, long n, long clusters)
    implements Serializable {

  /** A value of independent documents. */
  public MetricValue(
      String task, String filter, String metric, double value, double stderr, long n) {
    this(task, filter, metric, value, stderr, n, 0);
  }
}
