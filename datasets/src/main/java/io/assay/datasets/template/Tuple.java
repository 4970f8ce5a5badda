package io.assay.datasets.template;

import java.util.AbstractList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.RandomAccess;

/** A Python tuple: prints and compares unlike a list. */
final class Tuple extends AbstractList<Object> implements RandomAccess {
  private final List<Object> items;
  private final boolean hashable;
  private final int hash; // computed once: tuples of tuples of ... may share their parts

  Tuple(List<?> items) {
    this.items = List.copyOf(items.stream().map(i -> i == null ? Missing.NONE : i).toList());
    this.hashable = items.stream().allMatch(Tuple::hashable);
    this.hash =
        hashable
            ? items.stream().map(Python::key).mapToInt(Objects::hashCode).reduce(1, Tuple::mix)
            : 0;
  }

  private static boolean hashable(Object item) {
    return item instanceof Tuple tuple
        ? tuple.hashable
        : !(item instanceof List<?> || item instanceof Map<?, ?> || item instanceof Undefined);
  }

  private static int mix(int a, int b) {
    return 31 * a + b;
  }

  /** Whether it may be a key: no list and no dict is inside. */
  boolean hashable() {
    return hashable;
  }

  @Override
  public int hashCode() {
    return hash;
  }

  @Override
  public boolean equals(Object other) {
    return other == this || (other instanceof Tuple && Python.equal(this, other));
  }

  @Override
  public Object get(int index) {
    Object item = items.get(index);
    return item == Missing.NONE ? null : item;
  }

  @Override
  public int size() {
    return items.size();
  }

  /** Stands for None inside, since immutable lists hold no null. */
  private enum Missing {
    NONE
  }
}
