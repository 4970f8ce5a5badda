package io.assay.engine.backend.tornado;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import uk.ac.manchester.tornado.api.types.arrays.ByteArray;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.ShortArray;

/**
 * The arrays of a graph's weights. With one layout they are filled once and stay on the device; of
 * several, one layer's each, there is one at a time ({@link WeightStream}).
 */
final class DeviceWeights {
  /** Arrays of a part; empty ones have one element, because devices know no empty arrays. */
  record Part(FloatArray floats, ShortArray shorts, ByteArray bytes) {}

  private final FloatArray vectors;
  private final List<Part> parts = new ArrayList<>();
  private final List<Layout> layouts;

  DeviceWeights(List<Layout> layouts) {
    this.layouts = List.copyOf(layouts);
    int floats = layouts.stream().mapToInt(Layout::vectorFloats).max().orElseThrow();
    vectors = new FloatArray(floats);
    int most = layouts.stream().mapToInt(l -> l.parts().size()).max().orElseThrow();
    for (int p = 0; p < most; p++) {
      Layout.Sizes sizes = new Layout.Sizes(1, 1, 1);
      for (Layout layout : layouts) {
        sizes = p < layout.parts().size() ? sizes.max(layout.parts().get(p)) : sizes;
      }
      parts.add(
          new Part(
              new FloatArray(sizes.floats()),
              new ShortArray(sizes.shorts()),
              new ByteArray(sizes.bytes())));
    }
    fill(0);
  }

  /** Layouts there are; with one of them all is in it. */
  int layers() {
    return layouts.size();
  }

  /** Bytes that arrays for these layouts take. */
  static long memory(List<Layout> layouts) {
    return layouts.stream().mapToLong(Layout::memory).max().orElseThrow();
  }

  FloatArray vectors() {
    return vectors;
  }

  List<Part> parts() {
    return parts;
  }

  List<Object> arrays() {
    List<Object> arrays = new ArrayList<>(List.of(vectors));
    for (Part part : parts) {
      arrays.addAll(List.of(part.floats(), part.shorts(), part.bytes()));
    }
    return arrays;
  }

  /** Tells the graph how its weights come to the device. */
  void declare(KernelGraph graph) {
    if (layouts.size() > 1) {
      graph.share(arrays());
    } else {
      graph.keep(arrays().toArray());
    }
  }

  /** Copies what a layout names into the arrays. */
  void fill(int layer) {
    Layout layout = layouts.get(layer);
    for (Layout.Vector v : layout.vectors()) {
      MemorySegment.copy(
          v.values(),
          0,
          vectors.getSegment(),
          ValueLayout.JAVA_FLOAT_UNALIGNED,
          4L * v.at(),
          v.values().length);
    }
    for (Layout.Placed m : layout.matrices()) {
      Part part = parts.get(m.part());
      MemorySegment data = m.matrix().weight().data();
      int bytes = m.matrix().weight().dtype().bytes();
      MemorySegment target =
          switch (bytes) {
            case 4 -> part.floats().getSegment();
            case 2 -> part.shorts().getSegment();
            default -> part.bytes().getSegment();
          };
      MemorySegment.copy(data, 0, target, (long) bytes * m.offset(), data.byteSize());
    }
  }
}
