package io.assay.engine.trace;

/**
 * How often each expert was chosen, and with what weight, for the tokens of one request.
 *
 * @param tokens {@code [layer][expert]} tokens that chose the expert; null for dense layers. Layers
 *     at and after {@code num_hidden_layers} are the MTP modules'
 * @param weightSums {@code [layer][expert]} sum of gate weights (normalised and scaled, as
 *     multiplied with the expert's output)
 * @param groupFirsts {@code [layer][expert]} tokens for which the expert is the first chosen of its
 *     group: their sum is the number of groups touched
 * @param byBias {@code [layer][expert]} tokens that chose the expert only because of the correction
 *     bias
 */
public record ExpertCounts(
    int[][] tokens, double[][] weightSums, int[][] groupFirsts, int[][] byBias) {}
