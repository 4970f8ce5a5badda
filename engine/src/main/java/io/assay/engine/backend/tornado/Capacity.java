package io.assay.engine.backend.tornado;

import io.assay.engine.config.ModelConfig;

/**
 * Sizes of the arrays a device computes in. A batch that is larger is cut; results of a row do not
 * depend on where.
 *
 * @param rows rows of a block
 * @param upFloats keys and values projected up at a time
 * @param index ints that describe the paths of a block's rows
 * @param logits logits at a time
 * @param latentFloats latents of all caches together
 * @param residentRows rows of activations that stay on the device between blocks of the model; what
 *     there is beyond them visits it
 */
record Capacity(int rows, int upFloats, int index, int logits, int latentFloats, int residentRows) {
  private static final int ROWS = 256;
  private static final int UP_FLOATS = 1 << 26;
  private static final int LOGITS = 1 << 23;
  private static final int LATENT_FLOATS = 1 << 28;
  private static final int RESIDENT_VALUES = 1 << 28;
  private static final int LEAST_ROWS = 8;
  private static final long INDEX_OF_POSITION = 64;
  private static final int LEAST_INDEX = 1 << 14;
  private static final int MOST_INDEX = 1 << 20;

  /**
   * What a device with this much memory is asked for first.
   *
   * @param bytes memory of the device for everything
   * @param latents bytes that caches are to have, if the device has them
   */
  static Capacity of(ModelConfig config, long bytes, long latents) {
    int up = Math.clamp(bytes / 64, 1 << 20, UP_FLOATS);
    return new Capacity(
            ROWS,
            up,
            Math.clamp(INDEX_OF_POSITION * config.maxPositions(), LEAST_INDEX, MOST_INDEX),
            Math.clamp(bytes / 256, 1 << 18, LOGITS),
            Math.clamp(Math.min(latents, bytes / 4) / Float.BYTES, 1 << 16, LATENT_FLOATS),
            Math.clamp(
                bytes / 16 / residentBytes(config),
                0,
                RESIDENT_VALUES / Math.max(config.hiddenSize(), choices(config))))
        .atLeast(config);
  }

  /** No smaller than a row, a head, and the longest path need. */
  private Capacity atLeast(ModelConfig config) {
    ModelConfig.Attention a = config.attention();
    return new Capacity(
        Math.max(rows, LEAST_ROWS),
        Math.max(upFloats, a.qkNopeHeadDim() + a.vHeadDim()),
        Math.max(index, 4 * ROWS),
        Math.max(logits, config.vocabSize()),
        latentFloats,
        residentRows);
  }

  /** Values that routers choose for a row in all layers together. */
  static int choices(ModelConfig config) {
    ModelConfig.Routing routing = config.ffn().routing();
    return routing == null ? 1 : config.totalLayers() * routing.perToken();
  }

  /** Bytes of a row between blocks of the model: its state, ids and gates. */
  private static long residentBytes(ModelConfig config) {
    return Float.BYTES * (config.hiddenSize() + 2L * choices(config));
  }

  /** Rows of activations there is room for altogether, visitors' seats among them. */
  int stateRows() {
    return Math.addExact(residentRows, RowStore.SEATS * rows);
  }

  /**
   * Bytes that caches should take altogether: what there is, less a quarter for caches that are
   * about to be replaced and for gaps between others.
   */
  long cacheBytes() {
    return Float.BYTES * (latentFloats - latentFloats / 4L);
  }

  /** Half of it, null if it was the least. */
  Capacity halved(ModelConfig config) {
    Capacity half = halvedWork(config);
    return half == null
        ? null
        : new Capacity(
            half.rows, half.upFloats, half.index, half.logits, latentFloats / 2, half.residentRows);
  }

  /** Half of it but all the latents, which the engine counts on; null if it was the least. */
  Capacity halvedWork(ModelConfig config) {
    if (rows / 2 < LEAST_ROWS) {
      return null;
    }
    return new Capacity(rows / 2, upFloats / 2, index, logits / 2, latentFloats, residentRows / 2)
        .atLeast(config);
  }

  /** Bytes of the arrays of all graphs, roughly. */
  long memory(ModelConfig config) {
    ModelConfig.Attention a = config.attention();
    long heads = a.heads();
    long attention =
        2L * config.hiddenSize()
            + 2L * a.qLoraRank()
            + heads * (a.qkHeadDim() + a.qkRopeHeadDim() + 2L * a.kvLoraRank() + a.vHeadDim())
            + a.kvLoraRank()
            + 3L * a.qkRopeHeadDim();
    ModelConfig.Routing routing = config.ffn().routing();
    long slots = 1;
    long inner = config.ffn().denseIntermediate();
    long experts = 0;
    if (routing != null) {
      slots = routing.perToken() + 1L;
      inner = Math.max(inner, (long) routing.intermediate() * Math.max(1, routing.sharedExperts()));
      experts = routing.experts();
    }
    long network =
        slots * (inner + config.hiddenSize())
            + 2L * config.hiddenSize()
            + 6 * experts
            + 2L * choices(config);
    // Norms outside blocks, and what moves rows.
    long others = 5L * config.hiddenSize();
    return Float.BYTES
            * (rows * (attention + network + others)
                + upFloats
                + 2L * index
                + logits
                + (long) latentFloats)
        + stateRows() * residentBytes(config);
  }
}
