package io.assay.engine.backend.tornado;

import static org.assertj.core.api.Assertions.assertThat;

import io.assay.engine.backend.cpu.RandomMatrix;
import io.assay.engine.checkpoint.DType;
import io.assay.engine.checkpoint.FloatFormats;
import io.assay.engine.weights.Matrix;
import java.util.SplittableRandom;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;

/** What tests of kernels have in common: random operands and the formula in double precision. */
final class Fixture {
  private Fixture() {}

  /** A matrix of any stored type; each block of FP8 has another scale. */
  static Matrix matrix(DType type, int outputs, int inputs, long seed) {
    Matrix m = RandomMatrix.of(type, outputs, inputs, seed);
    if (m.scales() == null) {
      return m;
    }
    SplittableRandom random = new SplittableRandom(seed);
    // Blocks that fit neither the matrix nor the lanes.
    int blockRows = 3;
    int blockColumns = 40;
    float[] scales =
        new float[Math.ceilDiv(outputs, blockRows) * Math.ceilDiv(inputs, blockColumns)];
    for (int i = 0; i < scales.length; i++) {
      scales[i] = (float) random.nextDouble(1e-4, 4e-3);
    }
    return new Matrix(m.weight(), scales, blockRows, blockColumns);
  }

  /** Element of a matrix. */
  static double at(Matrix m, float[] widened, int row, int column) {
    double w = widened[row * m.inputs() + column];
    if (m.scales() == null) {
      return w;
    }
    int blocks = Math.ceilDiv(m.inputs(), m.blockColumns());
    return w * m.scales()[row / m.blockRows() * blocks + column / m.blockColumns()];
  }

  static float[] widened(Matrix m) {
    return FloatFormats.toFloats(m.weight());
  }

  static double dot(Matrix m, float[] widened, int row, float[] x, int from) {
    double sum = 0;
    for (int k = 0; k < m.inputs(); k++) {
      sum += at(m, widened, row, k) * x[from + k];
    }
    return sum;
  }

  static FloatArray array(float... values) {
    return FloatArray.fromArray(values);
  }

  static void close(float found, double expected, String what) {
    assertThat((double) found)
        .as(what)
        .isCloseTo(
            expected, org.assertj.core.data.Offset.offset(1e-5 * Math.max(1, Math.abs(expected))));
  }
}
