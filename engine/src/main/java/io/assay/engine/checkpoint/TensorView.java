package io.assay.engine.checkpoint;

import java.lang.foreign.MemorySegment;

/**
 * A tensor as it lies in a mapped file: row-major, little-endian, not copied. The data may begin at
 * any address: read it with unaligned layouts.
 *
 * @param name name in the checkpoint
 * @param dtype element type
 * @param shape dimensions, outermost first
 * @param data exactly the tensor's bytes
 * @param file the file it lies in, for messages
 */
public record TensorView(String name, DType dtype, long[] shape, MemorySegment data, String file) {

  /** Number of elements. */
  public long elements() {
    long n = 1;
    for (long d : shape) {
      n *= d;
    }
    return n;
  }
}
