package io.assay.engine.model;

import io.assay.engine.backend.Backend.Layer;
import io.assay.engine.backend.Backend.Mtp;

/**
 * Where the prepared weights of a computation come from. Before anything computes it says what
 * with; what was asked for earlier must not be used after that. Used by one thread.
 */
public interface LayerSource extends AutoCloseable {
  /** Makes the embedding ready. The source may expect the first layer to follow. */
  void embedding();

  /** The block of a main layer. */
  Layer layer(int index);

  /** The prediction module of this depth, from 1. */
  Mtp mtp(int depth);

  /** Makes the vocabulary head ready. */
  void head();

  /** Bytes of weights read since the source was made, the check of resident weights left out. */
  long bytesRead();

  @Override
  void close();
}
