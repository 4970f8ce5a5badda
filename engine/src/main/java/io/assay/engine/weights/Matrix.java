package io.assay.engine.weights;

import io.assay.engine.checkpoint.TensorView;

/**
 * A linear layer's weight {@code [outputs, inputs]} with what belongs to it.
 *
 * @param weight stored values
 * @param scales {@code weight_scale_inv}, one fp32 factor a block, or null
 * @param blockRows rows of a block, 0 without scales
 * @param blockColumns columns of a block, 0 without scales
 */
public record Matrix(TensorView weight, float[] scales, int blockRows, int blockColumns) {
  public int outputs() {
    return Math.toIntExact(weight.shape()[0]);
  }

  public int inputs() {
    return Math.toIntExact(weight.shape()[1]);
  }
}
