package io.assay.engine.config;

/**
 * A tensor the architecture describes.
 *
 * @param name name in published checkpoints
 * @param shape dimensions, outermost first: matrices are [out features, in features]
 * @param optional whether a checkpoint may do without: copies of the embedding and head in MTP
 *     layers, the head when it is tied, and block scales (needed exactly where the weight they
 *     belong to is stored as F8_E4M3)
 * @param part what it belongs to
 * @param layer layer index (MTP module k is layer {@code numLayers + k - 1}), or -1
 * @param blockScaled whether the weight may be stored as F8_E4M3 with block scales; false for all
 *     when the model is not quantised
 */
@SuppressWarnings("ArrayRecordComponent") // shapes are compared with Arrays.equals, records never
public record ExpectedTensor(
    String name, long[] shape, boolean optional, Part part, int layer, boolean blockScaled) {

  /** Groups in which parameters are counted. */
  public enum Part {
    EMBEDDING,
    HEAD,
    NORM,
    ATTENTION,
    DENSE_FFN,
    ROUTER,
    SHARED_EXPERTS,
    ROUTED_EXPERTS,
    /** {@code eh_proj}, which joins embedding and hidden state of an MTP module. */
    MTP_PROJECTION,
    /** {@code weight_scale_inv}: storage, not parameters. */
    BLOCK_SCALE
  }

  /** Number of elements. */
  public long elements() {
    long n = 1;
    for (long d : shape) {
      n *= d;
    }
    return n;
  }

  /** Name of the block scales of this weight. */
  public String scaleName() {
    return name + ExpectedTensors.SCALE_SUFFIX;
  }
}
