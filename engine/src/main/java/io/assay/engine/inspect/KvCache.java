package io.assay.engine.inspect;

import io.assay.engine.config.ModelConfig;
import io.assay.engine.config.ModelConfig.Attention;
import java.util.ArrayList;
import java.util.List;

/**
 * What caching the past costs with a kind of attention (DeepSeek-V2, table 1).
 *
 * @param variant {@code MHA}, {@code GQA}, {@code GQA-<groups>}, {@code MQA}, {@code MLA} or {@code
 *     MLA-FP8}
 * @param format {@code bf16} or {@code fp8}
 * @param kvHeads heads that keep a key and a value each; 0 for latent attention, which has none
 * @param valuesPerLayer cached numbers for each token and layer
 * @param bytesPerLayer bytes for each token and layer
 * @param bytesPerToken bytes for each token over all main layers
 */
public record KvCache(
    String variant,
    String format,
    int kvHeads,
    long valuesPerLayer,
    long bytesPerLayer,
    long bytesPerToken) {
  /** The model's own attention. */
  public static final String LATENT = "MLA";

  private static final int BF16_BYTES = 2;
  private static final int SCALE_BYTES = 4;

  /** Values of a latent that share a scale in the FP8 layout. */
  private static final int SCALED = 128;

  /** Groups of the plain grouped-query variant, as in most of the models that use it. */
  private static final int GQA_GROUPS = 8;

  /** Groups of further variants, as in others. */
  private static final int[] MORE_GROUPS = {32, 16, 4, 2};

  /**
   * The model's own latent attention and what others of the same heads would take: MHA a key and a
   * value for each head, GQA for each group of heads, MQA once. Their keys have the width of the
   * part without position, as rotary dimensions replace others there instead of being added.
   *
   * <p>GQA has {@value #GQA_GROUPS} groups, or as many below as divide the heads; variants with
   * other numbers of groups carry it in their name, and are left out where heads cannot be shared
   * out so. MLA-FP8 keeps the latent in 8 bits with a float scale for each 128 of its values and
   * the rotary key in bf16: the 656 bytes a layer of FlashMLA with DeepSeek-V3's sizes.
   */
  public static List<KvCache> variants(ModelConfig config) {
    Attention a = config.attention();
    List<KvCache> variants = new ArrayList<>();
    variants.add(heads("MHA", a.heads(), config));
    int groups = groups(a.heads());
    variants.add(heads("GQA", groups, config));
    for (int more : MORE_GROUPS) {
      if (more < a.heads() && a.heads() % more == 0 && more != groups) {
        variants.add(heads("GQA-" + more, more, config));
      }
    }
    variants.add(heads("MQA", 1, config));
    long latent = (long) a.kvLoraRank() + a.qkRopeHeadDim();
    variants.add(of(LATENT, "bf16", 0, latent, latent * BF16_BYTES, config));
    long fp8 =
        a.kvLoraRank()
            + (long) Math.ceilDiv(a.kvLoraRank(), SCALED) * SCALE_BYTES
            + (long) a.qkRopeHeadDim() * BF16_BYTES;
    variants.add(of(LATENT + "-FP8", "fp8", 0, latent, fp8, config));
    return List.copyOf(variants);
  }

  /**
   * Most sequences that fit at once.
   *
   * @param memory bytes for the cache alone, weights are elsewhere
   * @param tokens of each sequence, at least 1
   */
  public long largestBatch(long memory, long tokens) {
    return memory / bytesPerToken / tokens;
  }

  private static int groups(int heads) {
    int groups = Math.min(GQA_GROUPS, heads);
    while (heads % groups != 0) {
      groups--;
    }
    return groups;
  }

  private static KvCache heads(String variant, int kvHeads, ModelConfig config) {
    Attention a = config.attention();
    long values = kvHeads * ((long) a.qkNopeHeadDim() + a.vHeadDim());
    return of(variant, "bf16", kvHeads, values, values * BF16_BYTES, config);
  }

  private static KvCache of(
      String variant, String format, int kvHeads, long values, long bytes, ModelConfig config) {
    return new KvCache(variant, format, kvHeads, values, bytes, bytes * config.numLayers());
  }
}
