package io.assay.engine.trace;

import io.assay.engine.backend.RowRouting;

/** Hears every router decision. */
@FunctionalInterface
public interface RoutingObserver {
  /**
   * @param layer layer index; prediction modules follow the main layers
   * @param routing decisions for all rows of the batch. They are best read when all layers have
   *     been heard, see {@link RowRouting}; scores have to be read now
   */
  void routed(int layer, RowRouting routing);

  /** All layers have been heard; the batch's rows may be released after this. */
  default void finished() {}

  /** Whether router scores are read. */
  default boolean scores() {
    return false;
  }

  /** Tells both, this one first. */
  default RoutingObserver and(RoutingObserver other) {
    RoutingObserver one = this;
    return new RoutingObserver() {
      @Override
      public void routed(int layer, RowRouting routing) {
        one.routed(layer, routing);
        other.routed(layer, routing);
      }

      @Override
      public void finished() {
        one.finished();
        other.finished();
      }

      @Override
      public boolean scores() {
        return one.scores() || other.scores();
      }
    };
  }
}
