package io.assay.engine.model;

import io.assay.engine.backend.Backend.Cache;

/** Where the latents of a pass are kept, layer by layer. */
@FunctionalInterface
public interface LayerLatents {
  /** The cache of a layer that is about to be computed. */
  Cache open(int layer);

  /** Hears that the layer is done; all rows of the pass are in its cache. */
  default void close(int layer) {}
}
