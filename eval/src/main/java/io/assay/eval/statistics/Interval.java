package io.assay.eval.statistics;

/**
 * A value and its 95 % confidence interval.
 *
 * @param value of the data themselves
 * @param low NaN where there is no interval
 * @param high NaN where there is no interval
 */
public record Interval(double value, double low, double high) {}
