package io.assay.engine.trace;

import io.assay.engine.backend.RowRouting;

/** Hears every router decision. */
@FunctionalInterface
public interface RoutingObserver {
  /**
   * @param layer layer index; prediction modules follow the main layers
   * @param routing decisions for all rows of the batch
   */
  void routed(int layer, RowRouting routing);

  /** Tells both, this one first. */
  default RoutingObserver and(RoutingObserver other) {
    return (layer, routing) -> {
      routed(layer, routing);
      other.routed(layer, routing);
    };
  }
}
