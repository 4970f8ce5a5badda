package io.assay.engine.model;

import io.assay.engine.config.ModelConfig;

/**
 * How many rows are computed at a time, from the memory there is.
 *
 * <p>A quarter of the memory is for what a layer needs while it computes, two quarters for what
 * rows need between layers, a quarter for latents of shared prefixes; {@link RowBytes} says what a
 * row takes of each.
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
   * Bytes a row takes.
   *
   * @param slice while its layer computes: 4 (8 hidden + heads v + q_lora + kv_lora + rope + max(2
   *     dense, (K + shared) moe + 2 experts))
   * @param pass between layers: 4 (hidden + kv_lora + rope) + 8 layers K + 64, which are hidden
   *     state, latent of the layer at hand, routing, bookkeeping
   * @param kept for later passes: layers (4 (kv_lora + rope) + 8 K), latents and routing
   * @param latents of {@code kept}, its latents: layers 4 (kv_lora + rope)
   */
  public record RowBytes(long slice, long pass, long kept, long latents) {
    public static RowBytes of(ModelConfig config) {
      ModelConfig.Attention a = config.attention();
      ModelConfig.Routing routing = config.ffn().routing();
      long latent = latentWidth(config);
      long widest = 2L * config.ffn().denseIntermediate();
      long choices = 0;
      if (routing != null) {
        choices = routing.perToken();
        long active = choices + routing.sharedExperts();
        widest = Math.max(widest, active * routing.intermediate() + 2L * routing.experts());
      }
      long attention = (long) a.heads() * a.vHeadDim() + a.qLoraRank() + latent;
      long layers = config.numLayers();
      return new RowBytes(
          Float.BYTES * (8L * config.hiddenSize() + attention + widest),
          Float.BYTES * (config.hiddenSize() + latent) + 8 * layers * choices + BOOKKEEPING,
          layers * (Float.BYTES * latent + 8 * choices),
          layers * Float.BYTES * latent);
    }
  }

  /**
   * The same memory for rows that prediction modules go over as well: two states of a row are held
   * at a time, and of a kept one each module's state read and latent.
   */
  public MemoryBudget withModules(ModelConfig config) {
    RowBytes row = RowBytes.of(config);
    long state = (long) Float.BYTES * config.hiddenSize();
    long module = state + Float.BYTES * latentWidth(config);
    return new MemoryBudget(
        slice,
        (int) Math.max(slice, pass * row.pass() / (row.pass() + state)),
        (int) (kept * row.kept() / (row.kept() + config.mtpModules() * module)));
  }

  /** Cached values of a token and layer. */
  private static long latentWidth(ModelConfig config) {
    return config.attention().kvLoraRank() + (long) config.attention().qkRopeHeadDim();
  }

  /**
   * @param bytes memory to fill
   * @param streamed whether a pass pays for reading all weights: then it takes as many rows as fit,
   *     otherwise one slice
   * @param mostRows limit of a pass, 0 for none
   */
  public static MemoryBudget of(ModelConfig config, long bytes, boolean streamed, int mostRows) {
    RowBytes row = RowBytes.of(config);
    int most = mostRows > 0 ? mostRows : MAX_PASS;
    // A cache is one array, of the kept rows and those of a pass.
    int addressable = (int) (Integer.MAX_VALUE / latentWidth(config) / 2);
    int slice = (int) Math.clamp(bytes / 4 / row.slice(), MIN_SLICE, MAX_SLICE);
    int pass = streamed ? (int) Math.clamp(bytes / 2 / row.pass(), slice, MAX_PASS) : slice;
    int kept = (int) Math.clamp(bytes / 4 / row.kept(), 0, addressable);
    return new MemoryBudget(
        Math.min(slice, most), Math.min(Math.min(pass, most), addressable), kept);
  }
}
