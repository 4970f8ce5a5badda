package io.assay.engine.config;

import java.util.List;

/**
 * The architecture as {@code config.json} gives it, validated; nothing about a model is known
 * anywhere else.
 *
 * @param modelType {@code deepseek_v2}, {@code deepseek_v3} or {@code kimi_k2}
 * @param vocabSize rows of the embedding and of the head
 * @param hiddenSize width of the residual stream
 * @param numLayers main layers; MTP module k is layer {@code numLayers + k - 1}
 * @param maxPositions {@code max_position_embeddings}
 * @param rmsNormEps epsilon of all norms but the two latent norms
 * @param latentNormEps epsilon of q_a_layernorm and kv_a_layernorm: 1e-6 in the published code
 *     whatever {@code rms_norm_eps} says
 * @param tieWordEmbeddings whether the head is the embedding
 * @param attention latent attention
 * @param rope rotary embedding
 * @param ffn dense and expert feed-forward layers
 * @param mtpModules {@code num_nextn_predict_layers}; 0 when the key is absent
 * @param mtpHidden what depth 1 reads of the main model
 * @param quantization block-quantised weights, null if none
 * @param bosTokenId id put before a text, or -1
 * @param eosTokenIds ids that end a text, from generation_config.json if it names any, else from
 *     config.json; never null
 */
public record ModelConfig(
    String modelType,
    int vocabSize,
    int hiddenSize,
    int numLayers,
    int maxPositions,
    float rmsNormEps,
    float latentNormEps,
    boolean tieWordEmbeddings,
    Attention attention,
    Rope rope,
    FeedForward ffn,
    int mtpModules,
    MtpHidden mtpHidden,
    Quantization quantization,
    int bosTokenId,
    List<Integer> eosTokenIds) {

  /**
   * Multi-head latent attention (DeepSeek-V2, section 2.1).
   *
   * @param heads query heads
   * @param qLoraRank width of the query latent, 0 when queries come from one plain projection
   * @param kvLoraRank width of the key-value latent
   * @param qkNopeHeadDim width of a head's part without position
   * @param qkRopeHeadDim width of the rotary part, even
   * @param vHeadDim width of a head's value
   * @param bias {@code attention_bias}
   */
  public record Attention(
      int heads,
      int qLoraRank,
      int kvLoraRank,
      int qkNopeHeadDim,
      int qkRopeHeadDim,
      int vHeadDim,
      boolean bias) {
    /** Width of a head's query and key. */
    public int qkHeadDim() {
      return qkNopeHeadDim + qkRopeHeadDim;
    }
  }

  /**
   * Rotary embedding; pairs are interleaved (2i, 2i + 1).
   *
   * @param theta base
   * @param interleaved false only when the config says {@code rope_interleave: false}
   * @param yarn scaling, null if none
   */
  public record Rope(double theta, boolean interleaved, Yarn yarn) {}

  /**
   * YaRN (arXiv 2309.00071) with DeepSeek's two factors.
   *
   * @param factor context extension
   * @param originalPositions length the frequencies were trained at
   * @param betaFast rotations above which frequencies stay
   * @param betaSlow rotations below which they are divided by the factor
   * @param mscale 0 if absent
   * @param mscaleAllDim 0 if absent
   */
  public record Yarn(
      double factor,
      int originalPositions,
      double betaFast,
      double betaSlow,
      double mscale,
      double mscaleAllDim) {}

  /**
   * Feed-forward layers: dense first, then routed experts.
   *
   * @param denseIntermediate width of dense layers
   * @param firstDense layers below this index are dense
   * @param layerFreq {@code moe_layer_freq}: of the others, layers whose index divides by it route
   * @param routing experts, null when every layer is dense
   */
  public record FeedForward(
      int denseIntermediate, int firstDense, int layerFreq, Routing routing) {}

  /**
   * DeepSeekMoE routing.
   *
   * @param experts routed experts N
   * @param perToken chosen experts K
   * @param sharedExperts always-on experts, one FFN of this many widths; 0 if none
   * @param intermediate width of an expert
   * @param groups expert groups, 1 when not group limited
   * @param groupsKept groups a token may use
   * @param scoring score function
   * @param method how the best are chosen
   * @param normalize {@code norm_topk_prob}
   * @param scaling {@code routed_scaling_factor}
   */
  public record Routing(
      int experts,
      int perToken,
      int sharedExperts,
      int intermediate,
      int groups,
      int groupsKept,
      Scoring scoring,
      Method method,
      boolean normalize,
      float scaling) {}

  /** {@code scoring_func}. */
  public enum Scoring {
    SIGMOID,
    SOFTMAX
  }

  /** {@code topk_method}. */
  public enum Method {
    /** Best K of all (V2-Lite). */
    GREEDY,
    /** Groups by their best score, others' scores 0 (V2). */
    GROUP_LIMITED_GREEDY,
    /** Biased scores, groups by their two best, others' scores minus infinity (V3). */
    NOAUX_TC
  }

  /** Which hidden state of the main model the first MTP module reads. */
  public enum MtpHidden {
    /** After the final norm: shipped engines. */
    POST_NORM,
    /** Before it. */
    PRE_NORM
  }

  /**
   * FP8 weights with one scale a block.
   *
   * @param blockRows rows of a block (output features)
   * @param blockColumns columns of a block (input features)
   * @param powerOfTwoScales whether activations are scaled by powers of two (ue8m0)
   */
  public record Quantization(int blockRows, int blockColumns, boolean powerOfTwoScales) {}

  /** Whether layer {@code index} routes; MTP modules always do when the model has experts. */
  public boolean routed(int index) {
    if (ffn.routing() == null) {
      return false;
    }
    if (index >= numLayers) {
      return true;
    }
    return index >= ffn.firstDense() && index % ffn.layerFreq() == 0;
  }

  /** Main layers and MTP modules. */
  public int totalLayers() {
    return numLayers + mtpModules;
  }
}
