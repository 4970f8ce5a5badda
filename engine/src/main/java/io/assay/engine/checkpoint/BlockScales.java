package io.assay.engine.checkpoint;

import io.assay.engine.EngineException;
import io.assay.engine.ErrorCode;
import java.util.Arrays;

/**
 * Block-quantised matrices as DeepSeek-V3 publishes them (section 3.3 of its report): {@code
 * weight[r, c] = stored[r, c] * weight_scale_inv[r / blockRows, c / blockColumns]}, blocks starting
 * at multiples of their size, the last ones partial.
 */
public final class BlockScales {
  private BlockScales() {}

  /**
   * A matrix with its scales applied, each product rounded to fp32 once.
   *
   * @param weight {@code [rows, columns]}
   * @param scales {@code [ceil(rows / blockRows), ceil(columns / blockColumns)]} of type F32
   * @return {@code [rows * columns]}, row-major
   * @throws EngineException {@code TENSOR_SHAPE} if weight and scales do not fit each other
   */
  public static float[] apply(
      TensorView weight, TensorView scales, int blockRows, int blockColumns) {
    long[] shape = weight.shape();
    long[] needed =
        shape.length == 2
            ? new long[] {Math.ceilDiv(shape[0], blockRows), Math.ceilDiv(shape[1], blockColumns)}
            : null;
    if (!Arrays.equals(scales.shape(), needed) || scales.dtype() != DType.F32) {
      throw new EngineException(
          ErrorCode.TENSOR_SHAPE,
          "the scales '%s' of %s are %s %s, but '%s' %s in blocks of %d x %d needs F32 %s"
              .formatted(
                  scales.name(),
                  scales.file(),
                  scales.dtype(),
                  Arrays.toString(scales.shape()),
                  weight.name(),
                  Arrays.toString(shape),
                  blockRows,
                  blockColumns,
                  Arrays.toString(needed)));
    }
    float[] values = FloatFormats.toFloats(weight);
    float[] factors = FloatFormats.toFloats(scales);
    int columns = Math.toIntExact(shape[1]);
    int factorsARow = Math.toIntExact(needed[1]);
    for (int i = 0; i < values.length; i++) {
      values[i] *= factors[i / columns / blockRows * factorsARow + i % columns / blockColumns];
    }
    return values;
  }
}
