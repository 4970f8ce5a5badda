package io.assay.engine.model;

import io.assay.engine.config.ModelConfig;

/**
 * How many rows are computed at a time, from the memory there is.
 *
 * <p>A quarter of the memory is for what a layer needs while it computes, two quarters for what
 * rows need between layers, a quarter for latents of shared prefixes. Bytes a row:
 *
 * <ul>
 *   <li>slice: 4 (8 hidden + heads v + q_lora + kv_lora + rope + max(2 dense, (K + shared) moe + 2
 *       experts))
 *   <li>pass: 4 (hidden + kv_lora + rope) + 8 layers K + 64: hidden state, latent of the layer at
 *       hand, routing, bookkeeping
 *   <li>kept: layers (4 (kv_lora + rope) + 8 K)
 * </ul>
 *
 * @param slice rows that are in a layer together
 * @param pass rows that go through the layers together, a slice at a time; at least a slice
 * @param kept rows of a prefix whose latents are kept in all layers for rows of later passes
 */
public record MemoryBudget(int slice, int pass, int kept) {
  private static final int MIN_SLICE = 16;
  private static final int MAX_SLICE = 8192;
  private static final int MAX_PASS = 1 << 20;
  private static final int BOOKKEEPING = 64;

  /**
   * @param bytes memory to fill
   * @param streamed whether a pass pays for reading all weights: then it takes as many rows as fit,
   *     otherwise one slice
   * @param mostRows limit of a pass, 0 for none
   */
  public static MemoryBudget of(ModelConfig config, long bytes, boolean streamed, int mostRows) {
    ModelConfig.Attention a = config.attention();
    ModelConfig.Routing routing = config.ffn().routing();
    long latent = a.kvLoraRank() + (long) a.qkRopeHeadDim();
    long widest = 2L * config.ffn().denseIntermediate();
    long choices = 0;
    if (routing != null) {
      choices = routing.perToken();
      long active = choices + routing.sharedExperts();
      widest = Math.max(widest, active * routing.intermediate() + 2L * routing.experts());
    }
    long attention = (long) a.heads() * a.vHeadDim() + a.qLoraRank() + latent;
    long sliceRow = Float.BYTES * (8L * config.hiddenSize() + attention + widest);
    long layers = config.numLayers();
    long passRow =
        Float.BYTES * (config.hiddenSize() + latent) + 8 * layers * choices + BOOKKEEPING;
    long keptRow = layers * (Float.BYTES * latent + 8 * choices);

    int most = mostRows > 0 ? mostRows : MAX_PASS;
    // A cache is one array, of the kept rows and those of a pass.
    int addressable = (int) (Integer.MAX_VALUE / latent / 2);
    int slice = (int) Math.clamp(bytes / 4 / sliceRow, MIN_SLICE, MAX_SLICE);
    int pass = streamed ? (int) Math.clamp(bytes / 2 / passRow, slice, MAX_PASS) : slice;
    int kept = (int) Math.clamp(bytes / 4 / keptRow, 0, addressable);
    return new MemoryBudget(
        Math.min(slice, most), Math.min(Math.min(pass, most), addressable), kept);
  }
}
