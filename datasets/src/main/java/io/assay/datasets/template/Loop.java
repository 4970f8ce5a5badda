package io.assay.datasets.template;

import java.util.List;

/** {@code loop} within a {@code for}. */
final class Loop {
  private final List<Object> items;
  private final int depth;
  private int index0 = -1;

  Loop(List<Object> items, int depth) {
    this.items = items;
    this.depth = depth;
  }

  void advance() {
    index0++;
  }

  Object get(String name) {
    int length = items.size();
    return switch (name) {
      case "index" -> (long) index0 + 1;
      case "index0" -> (long) index0;
      case "first" -> index0 == 0;
      case "last" -> index0 == length - 1;
      case "length" -> (long) length;
      case "revindex" -> (long) length - index0;
      case "revindex0" -> (long) length - index0 - 1;
      case "depth" -> (long) depth;
      case "depth0" -> (long) depth - 1;
      case "previtem" ->
          index0 > 0 ? items.get(index0 - 1) : new Undefined("there is no previous item");
      case "nextitem" ->
          index0 < length - 1 ? items.get(index0 + 1) : new Undefined("there is no next item");
      default -> new Undefined("'loop' has no attribute '" + name + "'");
    };
  }

  Object cycle(List<Object> values) {
    if (values.isEmpty()) {
      throw new TemplateFault("loop.cycle needs values");
    }
    return values.get(index0 % values.size());
  }
}
