package io.assay.job.ml;

import java.io.Serializable;
import java.util.function.Predicate;
import scala.Function1;

/** Conditions on parameters that Spark's own validators do not have. */
final class Valid {
  /** Parameters are serialized with their conditions. */
  interface Condition<V> extends Predicate<V>, Serializable {}

  private Valid() {}

  static <V> Function1<V, Object> of(Condition<V> condition) {
    return (Function1<V, Object> & Serializable) condition::test;
  }
}
