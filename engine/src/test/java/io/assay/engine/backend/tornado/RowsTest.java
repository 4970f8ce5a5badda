package io.assay.engine.backend.tornado;

import static org.assertj.core.api.Assertions.assertThat;

import io.assay.engine.backend.cpu.RandomMatrix;
import io.assay.engine.backend.tornado.kernel.Rows;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/** Norm, rotation and copy as plain Java against their formulas. */
final class RowsTest {
  @ParameterizedTest
  @CsvSource({"1,1", "3,31", "5,32", "2,100", "4,257"})
  void normalises(int rows, int width) {
    float epsilon = 1e-3f;
    int stride = width + 3;
    float[] x = RandomMatrix.vector(2 * rows * stride, 1);
    float[] weight = RandomMatrix.vector(width, 2);
    float[] vectors = new float[width + 1];
    System.arraycopy(weight, 0, vectors, 1, width);
    vectors[0] = epsilon;
    // To rows in reversed order, from rows listed twice as far apart.
    IntArray index = new IntArray(1 + 2 * rows);
    for (int r = 0; r < rows; r++) {
      index.set(1 + r, rows - 1 - r);
      index.set(1 + rows + r, 2 * r);
    }
    FloatArray y = new FloatArray(2 + rows * width);
    KernelGraph graph = new KernelGraph("norm", Rows.NORM_WORDS);
    KernelTask norm =
        KernelTask.of(
            "norm",
            Rows::normalizeRows,
            graph.allot(Rows.NORM_WORDS),
            graph.words(),
            Fixture.array(x),
            index,
            Fixture.array(vectors),
            y);
    norm.groups(rows, rows, width, 0, stride, 2, width, 1, 1, 0, 1 + rows);
    PlainRunner.run(norm);
    for (int r = 0; r < rows; r++) {
      double squares = 0;
      for (int i = 0; i < width; i++) {
        squares += (double) x[2 * r * stride + i] * x[2 * r * stride + i];
      }
      double factor = 1 / Math.sqrt(squares / width + epsilon);
      for (int i = 0; i < width; i++) {
        Fixture.close(
            y.get(2 + (rows - 1 - r) * width + i),
            x[2 * r * stride + i] * factor * weight[i],
            "row " + r + " value " + i);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"true,1,2,3", "false,3,2,5", "true,5,1,16", "false,2,4,1"})
  void rotates(boolean interleaved, int rows, int heads, int pairs) {
    int head = 2 * pairs + 3;
    float[] x = RandomMatrix.vector(rows * heads * head, 4);
    float[] phase = RandomMatrix.vector(rows * pairs, 5);
    FloatArray angles = new FloatArray(rows * 2 * pairs);
    for (int r = 0; r < rows; r++) {
      for (int i = 0; i < pairs; i++) {
        angles.set(r * 2 * pairs + i, (float) Math.cos(phase[r * pairs + i]));
        angles.set(r * 2 * pairs + pairs + i, (float) Math.sin(phase[r * pairs + i]));
      }
    }
    FloatArray y = new FloatArray(rows * heads * 2 * pairs);
    KernelGraph graph = new KernelGraph("rotate", Rows.ROTATE_WORDS);
    KernelTask rotate =
        KernelTask.of(
            "rotate",
            Rows::rotatePairs,
            graph.allot(Rows.ROTATE_WORDS),
            graph.words(),
            Fixture.array(x),
            new IntArray(1),
            angles,
            y);
    rotate.items(
        (long) rows * heads * pairs,
        rows,
        heads,
        pairs,
        interleaved ? 1 : 0,
        3,
        heads * head,
        head,
        0,
        heads * 2 * pairs,
        -1);
    PlainRunner.run(rotate);
    for (int cell = 0; cell < rows * heads; cell++) {
      for (int i = 0; i < pairs; i++) {
        int p = interleaved ? 2 * i : i;
        int q = interleaved ? 2 * i + 1 : i + pairs;
        double angle = phase[cell / heads * pairs + i];
        double u = x[cell * head + 3 + p];
        double v = x[cell * head + 3 + q];
        Fixture.close(
            y.get(cell * 2 * pairs + p), u * Math.cos(angle) - v * Math.sin(angle), "first");
        Fixture.close(
            y.get(cell * 2 * pairs + q), u * Math.sin(angle) + v * Math.cos(angle), "second");
      }
    }
  }

  @Test
  void copies() {
    FloatArray x = Fixture.array(RandomMatrix.vector(200, 6));
    float[] before = x.toHeapArray();
    KernelGraph graph = new KernelGraph("copy", Rows.COPY_WORDS);
    KernelTask copy =
        KernelTask.of("copy", Rows::copyFloats, graph.allot(Rows.COPY_WORDS), graph.words(), x);
    copy.items(70, 70, 110, 13);
    PlainRunner.run(copy);
    float[] expected = before.clone();
    System.arraycopy(before, 110, expected, 13, 70);
    assertThat(x.toHeapArray()).isEqualTo(expected);
  }

  @Test
  void movesAddsAndGathers() {
    float[] from = RandomMatrix.vector(60, 7);
    float[] before = RandomMatrix.vector(90, 8);
    FloatArray x = Fixture.array(from);
    FloatArray y = Fixture.array(before);
    IntArray index = IntArray.fromElements(0, 3, 0, 2);
    KernelGraph graph = new KernelGraph("rows", 2 * Rows.COPY_WORDS + Rows.GATHER_WORDS);
    IntArray words = graph.words();
    int at = graph.allot(Rows.COPY_WORDS);
    KernelTask move = KernelTask.of("move", Rows::moveFloats, at, words, x, y);
    at = graph.allot(Rows.COPY_WORDS);
    KernelTask add = KernelTask.of("add", Rows::addFloats, at, words, x, y);
    at = graph.allot(Rows.GATHER_WORDS);
    KernelTask gather = KernelTask.of("gather", Rows::gatherRows, at, words, index, y);
    move.items(40, 40, 20, 5);
    add.items(33, 33, 1, 30);
    // Rows 3, 0 and 2 of width 7, the first of which begins at 10.
    gather.items(21, 3, 7, 1, 10, 60);
    float[] expected = before.clone();
    System.arraycopy(from, 20, expected, 5, 40);
    for (int i = 0; i < 33; i++) {
      expected[30 + i] += from[1 + i];
    }
    float[] rows = expected.clone();
    System.arraycopy(rows, 10 + 21, expected, 60, 7);
    System.arraycopy(rows, 10, expected, 67, 7);
    System.arraycopy(rows, 10 + 14, expected, 74, 7);
    for (KernelTask task : new KernelTask[] {move, add, gather}) {
      PlainRunner.run(task);
    }
    assertThat(y.toHeapArray()).isEqualTo(expected);
  }
}
