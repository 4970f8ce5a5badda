package io.assay.eval.metric;

import io.assay.eval.statistics.Aggregation;
import java.io.Serializable;

/**
 * What has to be known of a metric to compare two values of it.
 *
 * @param aggregation of the documents' values
 * @param higherIsBetter its direction
 */
public record Measure(Aggregation aggregation, boolean higherIsBetter) implements Serializable {}
