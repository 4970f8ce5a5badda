package io.assay.engine;

/** Where weights are while a model computes. Results do not depend on it. */
public enum WeightMode {
  /** Checked when the model is opened, then left to the page cache: for models that fit. */
  RESIDENT,
  /**
   * Read a layer at a time, the next one while this one computes, and let go afterwards: for models
   * larger than memory. Checked when first read; opening reads headers only.
   */
  STREAMED,
  /** Resident if all weights fit in the memory the heap leaves, streamed otherwise. */
  AUTO;

  /** The mode for weights of this size: never {@link #AUTO}. */
  public WeightMode resolve(long weightBytes, long availableBytes) {
    return this != AUTO ? this : weightBytes <= availableBytes ? RESIDENT : STREAMED;
  }
}
