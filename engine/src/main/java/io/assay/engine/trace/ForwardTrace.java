package io.assay.engine.trace;

import java.util.List;
import java.util.Map;

/**
 * Everything one forward pass over one sequence of T tokens computed, for conformance checks.
 *
 * @param logits {@code [T, vocab]}
 * @param hidden {@code [T, hidden]} by name: {@code embed}; {@code layers.i.attn_out} and {@code
 *     layers.i.mlp_out} (before the residual add); {@code layers.i.out} (after it); {@code
 *     final_norm}
 * @param routing by layer; dense layers are absent
 * @param mtp depth 1 first; depth k covers T - k rows and is absent when that is 0
 */
public record ForwardTrace(
    float[] logits, Map<String, float[]> hidden, Map<Integer, Routing> routing, List<Mtp> mtp) {

  /**
   * @param ids {@code [T, K]} chosen experts, ascending
   * @param weights {@code [T, K]} gate weights in the same order, normalised and scaled
   * @param scores {@code [T, N]} sigmoid or softmax without bias
   */
  public record Routing(int[] ids, float[] weights, float[] scores) {}

  /**
   * Row i reads position i and the embedding of token i + depth, and predicts token i + depth + 1.
   *
   * @param depth from 1
   * @param logits {@code [T - depth, vocab]}
   * @param preNorm {@code [T - depth, hidden]} output of the module's block
   * @param postNorm the same after {@code shared_head.norm}
   * @param routing of the module's block
   */
  public record Mtp(
      int depth, float[] logits, float[] preNorm, float[] postNorm, Routing routing) {}
}
