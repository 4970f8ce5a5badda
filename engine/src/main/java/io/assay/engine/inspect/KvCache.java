package io.assay.engine.inspect;

import io.assay.engine.config.ModelConfig;
import io.assay.engine.config.ModelConfig.Attention;
import java.util.List;

/**
 * What caching the past costs with a kind of attention (DeepSeek-V2, table 1).
 *
 * @param variant {@code MHA}, {@code GQA}, {@code MQA} or {@code MLA}
 * @param valuesPerLayer cached numbers for each token and layer
 * @param bytesPerToken bytes for each token over all main layers, in bf16
 */
public record KvCache(String variant, long valuesPerLayer, long bytesPerToken) {
  private static final int BF16_BYTES = 2;

  /** Groups of the grouped-query variant, as in the models it is compared with. */
  public static final int GQA_GROUPS = 8;

  /**
   * The model's own latent attention and what others of the same heads would take: MHA a key and a
   * value for each head, GQA for each of {@link #GQA_GROUPS} groups (or heads, if fewer), MQA once.
   * Their keys have the width of the part without position, as rotary dimensions replace others
   * there instead of being added.
   */
  public static List<KvCache> variants(ModelConfig config) {
    Attention a = config.attention();
    long head = (long) a.qkNopeHeadDim() + a.vHeadDim();
    return List.of(
        of("MHA", a.heads() * head, config),
        of("GQA", Math.min(GQA_GROUPS, a.heads()) * head, config),
        of("MQA", head, config),
        of("MLA", (long) a.kvLoraRank() + a.qkRopeHeadDim(), config));
  }

  private static KvCache of(String variant, long values, ModelConfig config) {
    return new KvCache(variant, values, values * config.numLayers() * BF16_BYTES);
  }
}
