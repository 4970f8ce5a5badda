package io.assay.engine.backend;

/**
 * The router's decisions for rows.
 *
 * @param perToken experts a row K
 * @param ids {@code [rows, K]} ascending in each row
 * @param weights {@code [rows, K]} gate weights in the same order
 * @param byBias {@code [rows, K]} in the same order, whether the expert was chosen only because of
 *     the correction bias
 * @param scores {@code [rows, experts]} before bias
 */
public record RowRouting(
    int perToken, int[] ids, float[] weights, boolean[] byBias, float[] scores) {}
