package io.assay.engine.checkpoint;

import java.util.Arrays;

/**
 * What a safetensors header says about a tensor, whether or not the engine computes with its type.
 *
 * @param name name in the checkpoint
 * @param dtype type as the header spells it
 * @param shape dimensions, outermost first; empty for a scalar
 * @param begin offset of the first byte behind the header
 * @param end offset behind the last byte
 */
@SuppressWarnings("ArrayRecordComponent") // shapes are compared with Arrays.equals, records never
public record TensorInfo(String name, String dtype, long[] shape, long begin, long end) {

  /** Size of the data. */
  public long bytes() {
    return end - begin;
  }

  @Override
  public String toString() {
    return name + " " + dtype + " " + Arrays.toString(shape);
  }
}
