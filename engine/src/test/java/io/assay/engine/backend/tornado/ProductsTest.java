package io.assay.engine.backend.tornado;

import static org.assertj.core.api.Assertions.assertThat;

import io.assay.engine.backend.cpu.RandomMatrix;
import io.assay.engine.backend.tornado.kernel.Products;
import io.assay.engine.checkpoint.DType;
import io.assay.engine.weights.Matrix;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/** Products as plain Java against the formula. */
final class ProductsTest {
  private static final int NOWHERE = -1;

  /** A graph of one product, with whatever weights are placed before it is built. */
  private static final class Rig {
    final Layout layout = new Layout(1 << 24);
    final IntArray index = new IntArray(64);
    FloatArray y;
    KernelGraph graph;
    KernelTask task;

    void multiply(float[] x, int outputs) {
      DeviceWeights weights = new DeviceWeights(List.of(layout));
      graph = new KernelGraph("product", 64);
      y = new FloatArray(outputs);
      y.init(Float.NaN);
      task =
          Multiply.task(
              graph,
              "product",
              Fixture.array(x),
              index,
              weights.vectors(),
              weights.parts().getFirst(),
              y);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "F32,1,1,1",
    "F32,3,7,33",
    "BF16,5,9,129",
    "BF16,4,1,32",
    "F16,9,3,70",
    "F16,2,5,31",
    "F8_E4M3,6,8,100",
    "F8_E4M3,1,4,257"
  })
  void agreeWithTheFormula(DType type, int rows, int outputs, int inputs) {
    Matrix m = Fixture.matrix(type, outputs, inputs, 7);
    float[] x = RandomMatrix.vector(rows * inputs, 3);
    float[] bias = RandomMatrix.vector(outputs, 4);
    Rig rig = new Rig();
    rig.layout.place(Fixture.matrix(type, 2, 11, 1));
    Layout.Placed placed = rig.layout.place(m);
    int at = rig.layout.place(bias);
    rig.multiply(x, rows * outputs);
    Multiply.all(rig.graph, rig.task, rows, placed, at);
    PlainRunner.run(rig.task);
    float[] w = Fixture.widened(m);
    for (int r = 0; r < rows; r++) {
      for (int j = 0; j < outputs; j++) {
        Fixture.close(
            rig.y.get(r * outputs + j),
            Fixture.dot(m, w, j, x, r * inputs) + bias[j],
            "row " + r + " output " + j);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = DType.class,
      names = {"F32", "BF16", "F16", "F8_E4M3"})
  void ofARowAreTheSameBitsInAnyCompany(DType type) {
    int inputs = 77;
    int outputs = 6;
    float[] x = RandomMatrix.vector(11 * inputs, 5);
    Rig all = new Rig();
    Layout.Placed placed = all.layout.place(Fixture.matrix(type, outputs, inputs, 9));
    all.multiply(x, 11 * outputs);
    Multiply.all(all.graph, all.task, 11, placed, NOWHERE);
    PlainRunner.run(all.task);
    for (int r = 0; r < 11; r++) {
      Rig alone = new Rig();
      Layout.Placed same = alone.layout.place(Fixture.matrix(type, outputs, inputs, 9));
      alone.multiply(Arrays.copyOfRange(x, r * inputs, (r + 1) * inputs), outputs);
      Multiply.all(alone.graph, alone.task, 1, same, NOWHERE);
      PlainRunner.run(alone.task);
      assertThat(alone.y.toHeapArray())
          .isEqualTo(Arrays.copyOfRange(all.y.toHeapArray(), r * outputs, (r + 1) * outputs));
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = DType.class,
      names = {"F32", "BF16", "F8_E4M3"})
  void takeListedRowsAndRowsOfTheMatrix(DType type) {
    int inputs = 20;
    int stride = 26;
    Matrix m = Fixture.matrix(type, 12, inputs, 2);
    float[] x = RandomMatrix.vector(8 * stride, 6);
    Rig rig = new Rig();
    Layout.Placed placed = rig.layout.place(m);
    rig.multiply(x, 3 * 5);
    int[] list = {6, 0, 6};
    for (int i = 0; i < list.length; i++) {
      rig.index.set(9 + i, list[i]);
    }
    Multiply.listed(rig.graph, rig.task, 3, 9, stride, stride, placed, 4, 5);
    PlainRunner.run(rig.task);
    float[] w = Fixture.widened(m);
    for (int r = 0; r < 3; r++) {
      for (int j = 0; j < 5; j++) {
        Fixture.close(
            rig.y.get(r * 5 + j),
            Fixture.dot(m, w, 4 + j, x, (1 + list[r]) * stride),
            "row " + r + " output " + j);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = DType.class,
      names = {"F16", "F8_E4M3"})
  void ofHeadsAreEachHeadsOwn(DType type) {
    int heads = 3;
    int perHead = 7;
    int inputs = 41;
    Matrix m = Fixture.matrix(type, heads * perHead, inputs, 8);
    float[] x = RandomMatrix.vector(2 * heads * inputs, 1);
    Rig rig = new Rig();
    Layout.Placed placed = rig.layout.place(m);
    rig.multiply(x, 2 * heads * 4);
    Multiply.heads(rig.graph, rig.task, 2, heads, placed, 4, perHead, 3);
    PlainRunner.run(rig.task);
    float[] w = Fixture.widened(m);
    for (int i = 0; i < 2 * heads * 4; i++) {
      int head = i / 4 % heads;
      int row = i / 4 / heads;
      Fixture.close(
          rig.y.get(i),
          Fixture.dot(m, w, head * perHead + 3 + i % 4, x, (row * heads + head) * inputs),
          "value " + i);
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = DType.class,
      names = {"BF16", "F8_E4M3"})
  void fromTheOtherSide(DType type) {
    int heads = 2;
    int perHead = 9;
    int width = 5;
    int columns = 43;
    Matrix m = Fixture.matrix(type, heads * perHead, columns, 8);
    float[] x = RandomMatrix.vector(3 * heads * 6, 1);
    Layout layout = new Layout(1 << 20);
    Layout.Placed placed = layout.place(m);
    DeviceWeights weights = new DeviceWeights(List.of(layout));
    DeviceWeights.Part part = weights.parts().getFirst();
    KernelGraph graph = new KernelGraph("fold", Products.FOLD_WORDS);
    FloatArray y = new FloatArray(3 * heads * columns);
    KernelTask fold =
        KernelTask.of(
            "fold",
            Products::foldHeads,
            graph.allot(Products.FOLD_WORDS),
            graph.words(),
            Fixture.array(x),
            weights.vectors(),
            part.floats(),
            part.shorts(),
            part.bytes(),
            y);
    fold.items(y.getSize(), 3, heads, width, 6, perHead);
    placed.describe(graph.words(), fold.at(Products.FOLD_MATRIX));
    PlainRunner.run(fold);
    float[] w = Fixture.widened(m);
    for (int i = 0; i < y.getSize(); i++) {
      int cell = i / columns;
      double sum = 0;
      for (int d = 0; d < width; d++) {
        sum += Fixture.at(m, w, cell % heads * perHead + d, i % columns) * x[cell * 6 + d];
      }
      Fixture.close(y.get(i), sum, "value " + i);
    }
  }
}
