package io.assay.engine.backend.tornado;

import io.assay.engine.EngineException;
import io.assay.engine.ErrorCode;
import io.assay.engine.backend.tornado.kernel.Products;
import io.assay.engine.checkpoint.DType;
import io.assay.engine.checkpoint.FloatFormats;
import io.assay.engine.checkpoint.TensorView;
import io.assay.engine.weights.Matrix;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/**
 * A product with weights of every stored type on the device, compared with plain Java: several
 * defects of drivers and of the compiler give wrong numbers and no error.
 */
final class SelfCheck {
  private static final int ROWS = 3;
  private static final int OUTPUTS = 5;
  private static final int INPUTS = 70;
  private static final double TOLERANCE = 1e-5;

  private SelfCheck() {}

  /** Refuses a device that computes something else than Java. */
  static void require(KernelRunner runner) {
    List<Layout.Placed> placed = new ArrayList<>();
    Layout layout = new Layout(1 << 20);
    for (DType type : new DType[] {DType.F32, DType.BF16, DType.F16, DType.F8_E4M3}) {
      placed.add(layout.place(matrix(type)));
    }
    DeviceWeights weights = new DeviceWeights(List.of(layout));
    KernelGraph graph = new KernelGraph("selfCheck", Products.WORDS);
    FloatArray x = new FloatArray(ROWS * INPUTS);
    FloatArray y = new FloatArray(ROWS * OUTPUTS);
    IntArray index = new IntArray(1);
    for (int i = 0; i < x.getSize(); i++) {
      x.set(i, (i * 37 % 101 - 50) / 64f);
    }
    graph.send(x);
    weights.declare(graph);
    graph.keep(index, y);
    graph.returnAfterwards(y);
    KernelTask product =
        Multiply.task(graph, "product", x, index, weights.vectors(), weights.parts().getFirst(), y);
    runner.load(graph);
    for (Layout.Placed m : placed) {
      graph.idle();
      Multiply.all(graph, product, ROWS, m, -1);
      runner.run(graph);
      compare(runner, m.matrix(), x, y);
    }
  }

  /** Values of both signs and many exponents. */
  private static Matrix matrix(DType type) {
    long elements = (long) OUTPUTS * INPUTS;
    MemorySegment data = Arena.ofAuto().allocate(elements * type.bytes(), Long.BYTES);
    for (int i = 0; i < elements; i++) {
      float value = (i * 53 % 97 - 48) * Math.scalb(1f, i % 9 - 8);
      switch (type) {
        case F32 -> data.setAtIndex(ValueLayout.JAVA_FLOAT, i, value);
        case BF16 ->
            data.setAtIndex(
                ValueLayout.JAVA_SHORT, i, (short) (Float.floatToRawIntBits(value) >> 16));
        case F16 -> data.setAtIndex(ValueLayout.JAVA_SHORT, i, Float.floatToFloat16(value));
        default -> data.set(ValueLayout.JAVA_BYTE, i, (byte) ((i & 1) << 7 | i * 29 % 0x70));
      }
    }
    TensorView view =
        new TensorView("self-check", type, new long[] {OUTPUTS, INPUTS}, data, "memory");
    return type == DType.F8_E4M3
        ? new Matrix(view, new float[] {0.5f, 0.25f, 0.125f, 2f}, 4, 64)
        : new Matrix(view, null, 0, 0);
  }

  private static void compare(KernelRunner runner, Matrix m, FloatArray x, FloatArray y) {
    float[] w = FloatFormats.toFloats(m.weight());
    for (int r = 0; r < ROWS; r++) {
      for (int j = 0; j < OUTPUTS; j++) {
        double sum = 0;
        double size = 0;
        for (int k = 0; k < INPUTS; k++) {
          double scale = m.scales() == null ? 1 : m.scales()[j / 4 * 2 + k / 64];
          double product = w[j * INPUTS + k] * scale * x.get(r * INPUTS + k);
          sum += product;
          size += Math.abs(product);
        }
        float found = y.get(r * OUTPUTS + j);
        if (!(Math.abs(found - sum) <= TOLERANCE * size)) {
          throw new EngineException(
              ErrorCode.BACKEND_UNAVAILABLE,
              "%s fails the self-check: a product with %s weights gives %s where Java gives %s; update the device's driver and TornadoVM, or use --backend cpu"
                  .formatted(runner.device(), m.weight().dtype(), found, (float) sum));
        }
      }
    }
  }
}
