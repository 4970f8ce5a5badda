package io.assay.engine.weights;

import java.util.List;

/**
 * One decoder block as it lies in the checkpoint. Vectors are widened to fp32.
 *
 * @param index layer index; MTP modules follow the main layers
 * @param inputNorm {@code [hidden]}
 * @param attention latent attention
 * @param postAttentionNorm {@code [hidden]}
 * @param dense the layer's one feed-forward network, null in routed layers
 * @param experts routed and shared experts, null in dense layers
 */
public record LayerWeights(
    int index,
    float[] inputNorm,
    Attention attention,
    float[] postAttentionNorm,
    FeedForward dense,
    Experts experts) {

  /**
   * Multi-head latent attention (DeepSeek-V2, equations 9 to 19).
   *
   * @param queryDown {@code q_a_proj [q_lora, hidden]}, null when queries are not compressed
   * @param queryDownBias {@code [q_lora]} or null
   * @param queryNorm {@code [q_lora]}, null with queryDown
   * @param queryUp {@code q_b_proj [heads * (nope + rope), q_lora]}, or {@code q_proj} with hidden
   *     inputs
   * @param latentDown {@code kv_a_proj_with_mqa [kv_lora + rope, hidden]}
   * @param latentDownBias {@code [kv_lora + rope]} or null
   * @param latentNorm {@code [kv_lora]}
   * @param latentUp {@code kv_b_proj [heads * (nope + v), kv_lora]}
   * @param output {@code o_proj [hidden, heads * v]}
   * @param outputBias {@code [hidden]} or null
   */
  public record Attention(
      Matrix queryDown,
      float[] queryDownBias,
      float[] queryNorm,
      Matrix queryUp,
      Matrix latentDown,
      float[] latentDownBias,
      float[] latentNorm,
      Matrix latentUp,
      Matrix output,
      float[] outputBias) {}

  /**
   * {@code down(silu(gate x) * up x)}.
   *
   * @param gate {@code [intermediate, hidden]}
   * @param up {@code [intermediate, hidden]}
   * @param down {@code [hidden, intermediate]}
   */
  public record FeedForward(Matrix gate, Matrix up, Matrix down) {}

  /**
   * DeepSeekMoE (arXiv 2401.06066).
   *
   * @param router {@code mlp.gate.weight [experts, hidden]}
   * @param correctionBias {@code e_score_correction_bias [experts]}, null unless noaux_tc
   * @param routed one network an expert
   * @param shared always-on experts as one network, null if none
   */
  public record Experts(
      Matrix router, float[] correctionBias, List<FeedForward> routed, FeedForward shared) {}
}
