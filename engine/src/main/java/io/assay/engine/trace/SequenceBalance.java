package io.assay.engine.trace;

/**
 * What the sequence-wise balance loss of one sequence of T tokens is computed from (DeepSeek-V3
 * report, equations 17 to 20). Layers without experts are null in both arrays.
 *
 * @param highest {@code [layer][expert]} tokens whose K highest scores, whatever bias and groups
 *     make of them, hold the expert's
 * @param shares {@code [layer][expert]} sum over the tokens of s_i / sum_j s_j, added in the order
 *     of the tokens
 */
public record SequenceBalance(int[][] highest, double[][] shares) {
  /** Of a sequence of which nothing was added yet. */
  public static SequenceBalance none(int totalLayers) {
    return new SequenceBalance(new int[totalLayers][], new double[totalLayers][]);
  }
}
