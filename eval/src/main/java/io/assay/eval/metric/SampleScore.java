package io.assay.eval.metric;

import io.assay.eval.statistics.DocumentValue;
import java.io.Serializable;

/**
 * What one document contributes to one metric.
 *
 * @param task task name
 * @param docId document
 * @param docIndex its index in the split
 * @param filter filter chain, {@code none} when there is none
 * @param metric metric name as the harness spells it
 * @param cluster the documents it belongs to, null if it stands alone
 * @param statistics the first is the score for metrics that have one for each document: 0 or 1 for
 *     accuracies and matches, the summed log-probability for perplexities
 */
public record SampleScore(
    String task,
    String docId,
    int docIndex,
    String filter,
    String metric,
    String cluster,
    DocumentValue statistics)
    implements Serializable {

  /** The score, or the first of the counts a corpus metric is made of. */
  public double value() {
    return statistics.value();
  }

  /** Words or bytes for weighted metrics, else 1. */
  public double weight() {
    return statistics.weight();
  }
}
