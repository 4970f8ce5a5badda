package io.assay.engine.backend;

/**
 * The router's decisions for rows.
 *
 * @param perToken experts a row K
 * @param ids {@code [rows, K]} ascending in each row
 * @param weights {@code [rows, K]} gate weights in the same order
 * @param scores {@code [rows, experts]} before bias
 */
public record RowRouting(int perToken, int[] ids, float[] weights, float[] scores) {}
