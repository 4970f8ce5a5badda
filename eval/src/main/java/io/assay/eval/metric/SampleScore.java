package io.assay.eval.metric;

import java.io.Serializable;

/**
 * What one document contributes to one metric.
 *
 * @param task task name
 * @param docId document
 * @param docIndex its index in the split
 * @param filter filter chain, {@code none} when there is none
 * @param metric metric name as the harness spells it
 * @param value 0 or 1 for accuracies and matches; the summed log-probability for perplexities
 * @param weight words or bytes for weighted metrics, else 1
 */
public record SampleScore(
    String task,
    String docId,
    int docIndex,
    String filter,
    String metric,
    double value,
    double weight)
    implements Serializable {}
