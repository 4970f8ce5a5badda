package io.assay.engine.backend.tornado;

import io.assay.engine.backend.Backend;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;

/**
 * The residual stream between blocks, on the host: a batch may have more rows than the device
 * computes at a time.
 *
 * @param data {@code [rows, width]}
 */
record HostRows(float[] data, int rows, int width) implements Backend.Rows {
  HostRows(float[] data, int width) {
    this(data, data.length / width, width);
  }

  /** Copies rows to the start of the array. */
  void send(int from, int count, FloatArray to) {
    MemorySegment.copy(
        data, from * width, to.getSegment(), ValueLayout.JAVA_FLOAT_UNALIGNED, 0, count * width);
  }

  /** Copies the given rows, one after the other, to an array from one of its rows on. */
  void send(int[] chosen, int from, int count, FloatArray to) {
    for (int i = 0; i < count; i++) {
      MemorySegment.copy(
          data,
          chosen[from + i] * width,
          to.getSegment(),
          ValueLayout.JAVA_FLOAT_UNALIGNED,
          (long) Float.BYTES * i * width,
          width);
    }
  }

  /** Copies the start of an array to rows. */
  static void receive(FloatArray from, float[] to, int at, int count) {
    MemorySegment.copy(from.getSegment(), ValueLayout.JAVA_FLOAT_UNALIGNED, 0, to, at, count);
  }
}
